import { beforeAll, describe, expect, test } from 'vitest';
import type { DenoiseState, GenerateJob, GenerateResult } from '../../../main/inference/protocol.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import type { WorkerMemory } from '../../../main/inference/worker/worker-memory.ts';
import { embeddedJob, freshMemory, link } from './worker-memory.ts';

/** Every kind of sampler: plain, ancestral, of two evaluations a step, multistep, in sigma space, few-step. */
const SAMPLERS = [
  'ddim',
  'ddpm',
  'euler',
  'euler-ancestral',
  'heun',
  'dpmpp-2m',
  'dpmpp-2m-karras',
  'dpmpp-2m-sde',
  'dpmpp-sde',
  'unipc',
  'pndm',
  'lcm',
  'tcd',
];
const STEPS = 6;

let memory: WorkerMemory;
beforeAll(() => {
  memory = freshMemory();
});
const small = (change: Partial<GenerateJob>): GenerateJob =>
  embeddedJob({ width: 64, height: 64, steps: STEPS, ...change });

/** Runs a job; `states[k]` is the state after k steps. */
async function paint(job: GenerateJob): Promise<{ result: GenerateResult; states: DenoiseState[] }> {
  const states: DenoiseState[] = [];
  const result = await runJob(job, link({ state: (state) => void (states[state.step] = state) }), memory);
  return { result, states };
}

/** The schedule of this model begins without any signal, which PNDM divides by: there it begins from a picture. */
const grey = { width: 64, height: 64, rgba: new Uint8Array(64 * 64 * 4).fill(128) };
const beginning = (id: string): Partial<GenerateJob> =>
  id === 'pndm' ? { steps: 8, init: { image: grey, strength: 0.75 } } : {};

describe.each(SAMPLERS)('%s', (id) => {
  const own = { sampler: { id }, ...beginning(id) };
  const base = small(own);

  test('a fork from a kept state is the fork that is run from its beginning, and an angle of 0 is the original', async () => {
    const original = await paint(base);
    const step = 4;
    const turned = small({ ...own, changes: [{ step, noise: { seed: 3, theta: 60 } }] });
    const whole = await paint(turned);
    const resumed = await paint({ ...turned, resume: original.states[step]! });
    expect(resumed.result.rgba).toEqual(whole.result.rgba);
    expect(resumed.result.latent).toEqual(whole.result.latent);
    expect(resumed.result.stepMilliseconds).toHaveLength(whole.result.stepMilliseconds.length - step);
    expect(whole.result.rgba).not.toEqual(original.result.rgba);
    const still = await paint({
      ...base,
      changes: [{ step, noise: { seed: 3, theta: 0 } }],
      resume: original.states[step]!,
    });
    expect(still.result.latent).toEqual(original.result.latent);
  });

  test('a state after a fork can be gone on from, too', async () => {
    const job = small({ ...own, changes: [{ step: 1, noise: { seed: 8, theta: 90 } }] });
    const { result, states } = await paint(job);
    const later = await paint({ ...job, resume: states[5]! });
    expect(later.result.latent).toEqual(result.latent);
  });
});

test('a turn at the beginning takes the noise of one seed to that of another', async () => {
  const [a, b] = [await paint(small({ seed: 1 })), await paint(small({ seed: 2 }))];
  const between = (theta: number) =>
    paint(small({ seed: 1, changes: [{ step: 0, noise: { seed: 2, theta } }] }));
  expect((await between(0)).result.latent).toEqual(a.result.latent);
  expect((await between(90)).result.latent).toEqual(b.result.latent);
  const half = (await between(45)).result.latent;
  expect(half).not.toEqual(a.result.latent);
  expect(half).not.toEqual(b.result.latent);
});

test('fresh noise leaves a latent as noisy as it was', async () => {
  // Guidance makes the predicted noise stronger than what was drawn, and the fresh one is as drawn.
  const job = { width: 256, height: 256, guidance: 1 };
  const { states } = await paint(small(job));
  const turned = await paint(small({ ...job, changes: [{ step: 3, noise: { seed: 5, theta: 90 } }] }));
  const latentOf = (state: DenoiseState): Float32Array => (state.sampler as { latent: Float32Array }).latent;
  const spread = (values: Float32Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  const [before, after] = [spread(latentOf(states[4]!)), spread(latentOf(turned.states[4]!))];
  expect(after / before).toBeGreaterThan(0.9);
  expect(after / before).toBeLessThan(1.1);
});

describe.each(['ddim', 'euler-ancestral', 'heun', 'dpmpp-2m'])('within a part of the picture, %s', (id) => {
  const base = small({ sampler: { id } });
  const STEP = 2;
  const latentOf = ({ sampler }: DenoiseState): Float32Array => (sampler as { latent: Float32Array }).latent;
  const within = (coverage: (x: number) => number, states: readonly DenoiseState[]): GenerateJob => {
    const mask = {
      width: 64,
      height: 64,
      coverage: Uint8Array.from({ length: 64 * 64 }, (_, i) => coverage(i % 64)),
    };
    const latents = new Map(states.flatMap((state, step) => [[step, latentOf(state)] as const]));
    const change = { step: STEP, noise: { seed: 3, theta: 90 }, prompt: 'a red boat' };
    return { ...base, changes: [{ ...change, follow: { mask, latents } }] };
  };

  test('nothing is the original, everything is the fork, to the bit', async () => {
    const original = await paint(base);
    const nothing = await paint(within(() => 0, original.states));
    expect(nothing.result.latent).toEqual(original.result.latent);
    const everything = await paint(within(() => 255, original.states));
    const fork = await paint({
      ...base,
      changes: [{ step: STEP, noise: { seed: 3, theta: 90 }, prompt: 'a red boat' }],
    });
    expect(everything.result.latent).toEqual(fork.result.latent);
  });

  test('outside it each state is the original one, inside it another, and it can be gone on from', async () => {
    const { states } = await paint(base);
    const job = within((x) => (x < 32 ? 255 : 0), states);
    const half = await paint(job);
    // Four cells in a row of this size.
    const isOwn = (i: number): boolean => i % 4 < 2;
    for (let step = STEP + 1; step <= STEPS; step += 1) {
      const [own, other] = [latentOf(half.states[step]!), latentOf(states[step]!)];
      expect(own.filter((_, i) => !isOwn(i))).toEqual(other.filter((_, i) => !isOwn(i)));
      expect(own.filter((_, i) => isOwn(i))).not.toEqual(other.filter((_, i) => isOwn(i)));
    }
    const resumed = await paint({ ...job, resume: half.states[4]! });
    expect(resumed.result.latent).toEqual(half.result.latent);
  });
});

test('a run that is followed has to be of the same size and come as far', async () => {
  const mask = { width: 64, height: 64, coverage: new Uint8Array(64 * 64) };
  const job = (latents: ReadonlyMap<number, Float32Array>): GenerateJob =>
    small({ changes: [{ step: 2, guidance: 2, follow: { mask, latents } }] });
  await expect(paint(job(new Map()))).rejects.toThrow(/no state after step 3/);
  await expect(paint(job(new Map([[3, new Float32Array(5)]])))).rejects.toThrow(/5 values/);
});

describe('what may differ from a step on', () => {
  test.each<[string, NonNullable<GenerateJob['changes']>[number]]>([
    ['prompt', { step: 3, prompt: 'a red boat' }],
    ['negative prompt', { step: 3, negative: 'grey' }],
    ['guidance', { step: 3, guidance: 7 }],
    ['guidance off', { step: 3, guidance: 1 }],
    ['a finer tail', { step: 3, steps: 12 }],
  ])('%s: shares the beginning to the bit, and ends elsewhere', async (_what, change) => {
    const original = await paint(small({}));
    const whole = await paint(small({ changes: [change] }));
    expect(whole.states[3]).toEqual(original.states[3]);
    expect(whole.result.latent).not.toEqual(original.result.latent);
    const resumed = await paint(small({ changes: [change], resume: original.states[3]! }));
    expect(resumed.result.latent).toEqual(whole.result.latent);
  });

  test('more steps from the middle on run the rest of the finer schedule', async () => {
    const { result, states } = await paint(small({ changes: [{ step: 3, steps: 12 }] }));
    expect(result.stepMilliseconds).toHaveLength(9);
    expect(states.at(-1)?.step).toBe(9);
  });

  test('a mask, in a picture that has one', async () => {
    const rgba = new Uint8Array(64 * 64 * 4).fill(160);
    const half = (left: boolean) => ({
      width: 64,
      height: 64,
      coverage: Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 === left ? 255 : 0)),
    });
    const job = small({
      init: { image: { width: 64, height: 64, rgba }, strength: 0.9 },
      mask: half(true),
      changes: [{ step: 2, mask: half(false) }],
    });
    const { result, states } = await paint(job);
    const resumed = await paint({ ...job, resume: states[4]! });
    expect(resumed.result.rgba).toEqual(result.rgba);
    const plain = await paint({ ...job, changes: [] });
    expect(result.latent).not.toEqual(plain.result.latent);
  });

  test.each([
    [[{ step: 6, guidance: 2 }], /6 has no place in a run of 6 steps/],
    [
      [
        { step: 2, guidance: 2 },
        { step: 1, guidance: 3 },
      ],
      /has no place/,
    ],
    [[{ step: 1, noise: { seed: 1, theta: 91 } }], /angle/],
  ])('%j is refused', async (changes, words) => {
    await expect(paint(small({ changes }))).rejects.toThrow(words);
  });
});

test('a mix of prompts is the one at 0, the other at 1, and neither between', async () => {
  const [one, other] = [await paint(small({})), await paint(small({ prompt: 'a red boat' }))];
  const mixed = (share: number) => paint(small({ mix: { prompt: 'a red boat', share } }));
  expect((await mixed(0)).result.latent).toEqual(one.result.latent);
  expect((await mixed(1)).result.latent).toEqual(other.result.latent);
  const half = (await mixed(0.5)).result.latent;
  expect(half).not.toEqual(one.result.latent);
  expect(half).not.toEqual(other.result.latent);
});
