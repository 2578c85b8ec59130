import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { findEdges } from '../../../main/generation/control-features/canny.ts';
import { createWorkplace, type Workplace } from '../../faults/cli/run-impasto.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../fixtures/reference-case.ts';

const EDGE = 128;
let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  return () => place.remove();
});

const pixels = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(
    await sharp(readFileSync(join(place.folder, name)))
      .ensureAlpha()
      .raw()
      .toBuffer(),
  );

/** Writes a picture by a formula of its place. */
async function write(name: string, colour: (x: number, y: number) => number[], edge = EDGE): Promise<void> {
  const rgb = Uint8Array.from({ length: edge * edge * 3 }, (_, i) => {
    const place = Math.floor(i / 3);
    return colour(place % edge, Math.floor(place / edge))[i % 3]!;
  });
  await sharp(rgb, { raw: { width: edge, height: edge, channels: 3 } })
    .png()
    .toFile(join(place.folder, name));
}

async function paint(...args: string[]): Promise<Record<string, unknown>> {
  const size = ['--width', `${EDGE}`, '--height', `${EDGE}`, '--steps', '2', '--seed', '1', '--json'];
  const end = await place.impasto(['generate', '--prompt', 'a red house', ...size, ...args]);
  expect(end.stderr).not.toMatch(/\n\s+at /);
  expect(end.code).toBe(0);
  return (JSON.parse(end.stdout) as { recipe: Record<string, unknown> }).recipe;
}

test('outside the mask every pixel is the init picture’s own, to the bit; inside it is painted', async () => {
  await write('base.png', (x, y) => [(x * 7) % 256, (y * 5) % 256, (x * y) % 256]);
  // Half the size: resampled, and black wherever no white pixel is near.
  await write('mask.png', (x) => (x < 32 ? [0, 0, 0] : [255, 255, 255]), 64);
  const recipe = await paint(
    '--init',
    'base.png',
    '--mask',
    'mask.png',
    '--strength',
    '0.8',
    '--out',
    'masked.png',
  );
  expect(recipe['mask']).toMatch(/^[0-9a-f]{64}$/);
  const [base, masked] = [await pixels('base.png'), await pixels('masked.png')];
  let changed = 0;
  for (let i = 0; i < base.length; i++) {
    const column = (i >> 2) % EDGE;
    if (column < 62) expect(masked[i] === base[i], `byte ${i}`).toBe(true);
    if (column > 66 && masked[i] !== base[i]) changed += 1;
  }
  expect(changed).toBeGreaterThan(base.length / 4);
});

describe.skipIf(referenceFolder === undefined)('a ControlNet (needs ../shared/reference)', () => {
  let reference: ReferenceCase;
  beforeAll(async () => {
    reference = await openReference('sd15-tiny', 'diffusers', 'F16');
    await write('photo.png', (x, y) =>
      (x - 64) ** 2 + (y - 64) ** 2 < 1600 ? [200, 60, 30] : [240, 240, 235],
    );
    return () => reference.dispose();
  });

  test('with canny is what it is with the edges as they are, by way of two other settings', async () => {
    const { path } = reference;
    const net = join(path, 'controlnet');
    const photo = await pixels('photo.png');
    const edges = findEdges({ width: EDGE, height: EDGE, rgba: photo });
    await sharp(edges.rgba, { raw: { width: EDGE, height: EDGE, channels: 4 } })
      .png()
      .toFile(join(place.folder, 'edges.png'));
    const model = ['--model', path];
    const recipe = await paint(
      ...model,
      '--control',
      'photo.png',
      '--controlnet',
      `${net}:1`,
      '--prepare',
      'canny',
      '--out',
      'canny.png',
    );
    expect(recipe['controls']).toEqual([
      {
        name: 'controlnet',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        picture: expect.stringMatching(/^[0-9a-f]{64}$/),
        prepare: 'canny',
        strength: 1,
      },
    ]);
    await paint(...model, '--control', 'edges.png', '--controlnet', net, '--out', 'edged.png');
    await paint(...model, '--control', 'edges.png', '--controlnet', `${net}:0`, '--out', 'off.png');
    expect(await pixels('canny.png')).toEqual(await pixels('edged.png'));
    expect(await pixels('canny.png')).not.toEqual(await pixels('off.png'));
  }, 240_000);

  test('for another family is refused with the numbers, and nothing is written', async () => {
    const words = 'generate --prompt house --steps 2 --out refused.png --control photo.png --controlnet';
    const end = await place.impasto([...words.split(' '), join(reference.path, 'controlnet')]);
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toMatch(/does not fit this model: it reads text of width \d+, the model \d+/);
    expect(end.stderr).toMatch(/control picture 1 is 128 × 128 px and was resampled to 256 × 256/);
  });
});
