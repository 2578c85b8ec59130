import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GenerateJob, RgbaImage } from '../../../main/inference/protocol.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import type { WorkerMemory } from '../../../main/inference/worker/worker-memory.ts';
import { embeddedJob, freshMemory, link } from './worker-memory.ts';
import { writeInpaintingModel } from './inpainting-model.ts';

const EDGE = 64;
let memory: WorkerMemory;
let scratch: string;
let base: RgbaImage;

beforeAll(async () => {
  memory = freshMemory();
  scratch = mkdtempSync(path.join(tmpdir(), 'impasto-inpainting-'));
  const { rgba } = await runJob(embeddedJob({ width: EDGE, height: EDGE, steps: 6 }), link(), memory);
  base = { width: EDGE, height: EDGE, rgba };
  return async () => {
    await memory.networks.clear();
    rmSync(scratch, { recursive: true });
  };
});

/** A mask of one value on the left half and another on the right. */
function halves(left: number, right: number): NonNullable<GenerateJob['mask']> {
  const coverage = Uint8Array.from({ length: EDGE * EDGE }, (_, i) => (i % EDGE < EDGE / 2 ? left : right));
  return { width: EDGE, height: EDGE, coverage };
}

const job = (changes: Partial<GenerateJob> = {}, strength = 0.7): GenerateJob =>
  embeddedJob({
    width: EDGE,
    height: EDGE,
    steps: 6,
    prompt: 'a red house',
    init: { image: base, strength },
    ...changes,
  });

const run = (given: GenerateJob) => runJob(given, link(), memory);

test('pixels outside the mask are the picture’s own, those inside are painted', async () => {
  for (const strength of [0.7, 1]) {
    const { rgba } = await run(job({ mask: halves(0, 255) }, strength));
    const changed = (from: number, to: number): number =>
      rgba.filter((byte, i) => {
        const column = (i >> 2) % EDGE;
        return column >= from && column < to && byte !== base.rgba[i];
      }).length;
    expect(changed(0, EDGE / 2)).toBe(0);
    expect(changed(EDGE / 2, EDGE)).toBeGreaterThan(EDGE * EDGE * 0.5);
  }
});

test('a mask over everything is no mask', async () => {
  const all = await run(job({ mask: halves(255, 255) }));
  expect(all.rgba).toEqual((await run(job())).rgba);
});

test('what is kept is seen: the same part painted beside another picture comes out otherwise', async () => {
  const other = { ...base, rgba: base.rgba.map((byte, i) => (i % 4 === 3 ? 255 : 255 - byte)) };
  const first = await run(job({ mask: halves(0, 255) }, 1));
  const second = await run({ ...job({ mask: halves(0, 255) }), init: { image: other, strength: 1 } });
  const right = (rgba: Uint8Array) => rgba.filter((_, i) => (i >> 2) % EDGE >= EDGE / 2);
  expect(right(second.rgba)).not.toEqual(right(first.rgba));
});

test('a soft edge blends', async () => {
  const soft = await run(job({ mask: halves(0, 128) }));
  const hard = await run(job({ mask: halves(0, 255) }));
  for (let i = 4 * (EDGE - 1); i < 4 * EDGE; i += 1) {
    const wanted = base.rgba[i]! + ((hard.rgba[i]! - base.rgba[i]!) * 128) / 255;
    expect(Math.abs(soft.rgba[i]! - wanted)).toBeLessThanOrEqual(0.5);
  }
});

test('a masked run goes on from any step to the same bits', async () => {
  const given = job({ mask: halves(0, 255), sampler: { id: 'euler-ancestral' } });
  const states: GenerateJob['resume'][] = [];
  const whole = await runJob(
    given,
    link({ state: (state) => void states.push(structuredClone(state)) }),
    memory,
  );
  expect(states).toHaveLength(4);
  for (const resume of [states[0]!, states[2]!, states[3]!]) {
    const rest = await run({ ...given, resume });
    expect(rest.latent).toEqual(whole.latent);
    expect(rest.rgba).toEqual(whole.rgba);
  }
});

test('a mask without a picture, or of another size, is refused in words', async () => {
  await expect(run(job({ mask: halves(0, 255), init: null }))).rejects.toMatchObject({
    code: 'inference/job-invalid',
    message: expect.stringContaining('no picture'),
  });
  const small = { ...halves(0, 255), coverage: new Uint8Array(3) };
  await expect(run(job({ mask: small }))).rejects.toMatchObject({
    message: expect.stringContaining('3 bytes'),
  });
});

describe('a model made for inpainting', () => {
  const model = (name: string): GenerateJob['model'] => ({ kind: 'folder', path: path.join(scratch, name) });
  beforeAll(async () => {
    await writeInpaintingModel(path.join(scratch, 'blind'), 0);
    await writeInpaintingModel(path.join(scratch, 'seeing'), 0.1);
  });

  test('that gives its mask no weight is the plain model', async () => {
    const plain = await run(job());
    const blind = await run(job({ model: model('blind') }));
    // Five more channels of nothing are added up in another order.
    const apart = blind.latent.map((value, i) => Math.abs(value - (plain.latent[i] ?? Infinity)));
    expect(Math.max(...apart)).toBeLessThan(1e-4);
    const bytes = blind.rgba.map((byte, i) => Math.abs(byte - (plain.rgba[i] ?? 255)));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(1);
  });

  test('that sees its mask paints otherwise with another mask, and from nothing too', async () => {
    const seeing = (mask: GenerateJob['mask']) =>
      run(job({ model: model('seeing'), ...(mask ? { mask } : {}) }));
    const [left, right] = [await seeing(halves(255, 0)), await seeing(halves(0, 255))];
    expect(left.latent).not.toEqual(right.latent);
    const { rgba } = right;
    expect(rgba.filter((byte, i) => (i >> 2) % EDGE < EDGE / 2 && byte !== base.rgba[i])).toHaveLength(0);
    const fromNothing = await run(job({ model: model('seeing'), init: null }));
    expect(fromNothing.rgba).toHaveLength(EDGE * EDGE * 4);
  });
});
