import { afterAll, describe, expect, test } from 'vitest';
import type { GenerateJob, Mask } from '../../../main/inference/protocol.ts';
import { regionText } from '../../../main/inference/stages/regional-words.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { embeddedJob, freshMemory, link } from './worker-memory.ts';

const SIDE = 128;
const memory = freshMemory();
afterAll(() => memory.networks.clear());

const mask = (left: number, right: number): Mask => ({
  width: SIDE,
  height: SIDE,
  coverage: Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE < SIDE / 2 ? left : right)),
});
const run = (changes: Partial<GenerateJob>) =>
  runJob(
    embeddedJob({ prompt: 'a beach at dawn', steps: 4, width: SIDE, height: SIDE, ...changes }),
    link(),
    memory,
  );
const red = { prompt: 'red apples' };
const green = { prompt: 'green pears' };

/** Mean of red less green over one half of a picture. */
function redness({ rgba }: { readonly rgba: Uint8Array }, right: boolean): number {
  let sum = 0;
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    if (i % SIDE >= SIDE / 2 === right) sum += rgba[4 * i]! - rgba[4 * i + 1]!;
  }
  return sum / (SIDE * SIDE * 0.5);
}

describe('words for parts of the picture', () => {
  test('that cover everything are the prompt; that cover nothing are not there', async () => {
    const whole = await run({ regions: [{ ...red, mask: mask(255, 255) }] });
    const said = await run({ prompt: regionText(red.prompt, 'a beach at dawn') });
    expect(relativeError(whole.latent, said.latent)).toBeLessThan(1e-4);
    const none = await run({ regions: [{ ...red, mask: mask(0, 0) }] });
    expect(relativeError(none.latent, (await run({})).latent)).toBeLessThan(1e-4);
    expect(relativeError(none.latent, whole.latent)).toBeGreaterThan(1e-2);
  });

  test('colour their own side, in one run of the denoiser a step', async () => {
    const sides = { prompt: 'abstract pattern', steps: 10, seed: 3, guidance: 4.5 };
    const there = await run({
      ...sides,
      regions: [
        { prompt: 'a red flower field', mask: mask(255, 0) },
        { prompt: 'a green forest', mask: mask(0, 255) },
      ],
    });
    expect(redness(there, false) - redness(there, true)).toBeGreaterThan(20);
    const turned = await run({
      ...sides,
      regions: [
        { prompt: 'a green forest', mask: mask(255, 0) },
        { prompt: 'a red flower field', mask: mask(0, 255) },
      ],
    });
    expect(redness(turned, true) - redness(turned, false)).toBeGreaterThan(20);
  });

  test('of which one weighs nothing leave the other and the scene', async () => {
    const alone = await run({ regions: [{ ...red, mask: mask(255, 0) }] });
    const beside = await run({
      regions: [
        { ...red, mask: mask(255, 0) },
        { ...green, mask: mask(255, 255), weight: 0 },
      ],
    });
    expect(relativeError(beside.latent, alone.latent)).toBeLessThan(1e-4);
  });

  test('work with prompts of several chunks, without guidance, and to the same bits again', async () => {
    const long = Array.from({ length: 30 }, () => 'a red house').join(', ');
    const asked = {
      guidance: 1,
      prompt: long,
      negative: 'fog',
      regions: [{ ...green, mask: mask(255, 0) }],
    };
    const [one, other] = [await run(asked), await run(asked)];
    expect(one.rgba).toEqual(other.rgba);
    const guided = await run({ ...asked, guidance: 4 });
    expect(guided.latent.every(Number.isFinite)).toBe(true);
  });

  test('are checked before anything runs', async () => {
    const small = { width: 2, height: 2, coverage: new Uint8Array(4) };
    await expect(run({ regions: [{ ...red, mask: small }] })).rejects.toThrow('mask of a region is 2 × 2');
    await expect(run({ regions: [{ ...red, mask: mask(1, 1), weight: -1 }] })).rejects.toThrow(
      'weight of a region is -1',
    );
  });
});
