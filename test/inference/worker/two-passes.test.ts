import { afterAll, describe, expect, test } from 'vitest';
import type {
  DenoiseState,
  GenerateJob,
  HiresChoice,
  Progress,
  RgbaImage,
} from '../../../main/inference/protocol.ts';
import { resizeImage, resizeLatent, resizeMask } from '../../../main/inference/stages/resize.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import { runTwoPasses } from '../../../main/inference/worker/two-passes.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { embeddedJob, freshMemory, link } from './worker-memory.ts';

const memory = freshMemory();
afterAll(() => memory.networks.clear());

const hires: HiresChoice = { width: 64, height: 64, strength: 0.5, method: 'lanczos' };
const job = (changes: Partial<GenerateJob> = {}) => ({
  ...embeddedJob({ steps: 4, width: 128, height: 128, ...changes }),
  hires,
});

/** A picture of which the right half is painted anew. */
function halfMasked() {
  const image: RgbaImage = {
    width: 128,
    height: 128,
    rgba: Uint8Array.from({ length: 128 * 128 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 251)),
  };
  const coverage = Uint8Array.from({ length: 128 * 128 }, (_, i) => (i % 128 < 64 ? 0 : 255));
  return { init: { image, strength: 1 }, mask: { width: 128, height: 128, coverage } };
}

describe('two passes', () => {
  test('are two jobs: one at the smaller size, one that starts from its picture enlarged', async () => {
    const told: Progress[] = [];
    const both = await runTwoPasses(
      job(),
      link({ progress: (progress) => void told.push(progress) }),
      memory,
    );
    const first = await runJob(embeddedJob({ steps: 4, width: 64, height: 64 }), link(), memory);
    const second = await runJob(
      embeddedJob({
        steps: 4,
        width: 128,
        height: 128,
        init: { image: resizeImage(first, 128, 128), strength: 0.5 },
      }),
      link(),
      memory,
    );
    expect(both.rgba).toEqual(second.rgba);
    expect([both.width, both.height]).toEqual([128, 128]);
    expect(both.stepMilliseconds).toHaveLength(6);
    const steps = told
      .filter(({ stage }) => stage === 'denoise')
      .map(({ step, steps: of }) => `${step}/${of}`);
    // The end of the stage is told after its last step.
    expect([...new Set(steps)]).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
  });

  test.each([undefined, 0.5])(
    'go on from every state to the same bytes, and do no step of it again (mask %s)',
    async (share) => {
      const masked = share === undefined ? {} : halfMasked();
      const asked = job({ ...masked, sampler: { id: 'euler-ancestral' } });
      const states: DenoiseState[] = [];
      const whole = await runTwoPasses(
        asked,
        link({ state: (state) => void states.push(structuredClone(state)) }),
        memory,
      );
      expect(states.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
      for (const resume of states) {
        const rest = await runTwoPasses({ ...asked, resume }, link(), memory);
        expect(rest.rgba).toEqual(whole.rgba);
        expect(rest.stepMilliseconds).toHaveLength(6 - resume.step);
      }
    },
  );

  test('count changes over both: one of the first lasts, one after its end is the second’s', async () => {
    const changes = [
      { step: 2, prompt: 'a blue boat' },
      { step: 5, guidance: 2 },
    ];
    const made = await runTwoPasses(
      { ...job({ changes }), hires: { ...hires, firstSteps: 4 } },
      link(),
      memory,
    );
    const early = [{ step: 2, prompt: 'a blue boat' }];
    const first = await runJob(
      embeddedJob({ steps: 4, width: 64, height: 64, changes: early }),
      link(),
      memory,
    );
    const second = await runJob(
      embeddedJob({
        steps: 4,
        width: 128,
        height: 128,
        prompt: 'a blue boat',
        init: { image: resizeImage(first, 128, 128), strength: 0.5 },
        changes: [{ step: 1, guidance: 2 }],
      }),
      link(),
      memory,
    );
    expect(made.rgba).toEqual(second.rgba);
  });

  test('by way of the latent differ with how it is enlarged', async () => {
    const make = (method: HiresChoice['method']) =>
      runTwoPasses({ ...job(), hires: { ...hires, method } }, link(), memory);
    const [nearest, linear] = [await make('latent-nearest'), await make('latent-linear')];
    expect(relativeError(nearest.latent, linear.latent)).toBeGreaterThan(1e-3);
  });

  test('keep what a mask keeps, to the bit', async () => {
    const masked = halfMasked();
    const { coverage } = masked.mask;
    const { image } = masked.init;
    const made = await runTwoPasses(job(masked), link(), memory);
    for (let i = 0; i < coverage.length; i += 1) {
      if (coverage[i] === 0) expect(made.rgba[4 * i]).toBe(image.rgba[4 * i]);
    }
    expect(made.rgba).not.toEqual(image.rgba);
  });
});

describe('resizing', () => {
  test('leaves one colour what it is, lends transparent pixels no colour, keeps equal sizes', () => {
    const flat = {
      width: 5,
      height: 4,
      rgba: Uint8Array.from({ length: 80 }, (_, i) => [9, 200, 77, 255][i % 4]!),
    };
    expect(resizeImage(flat, 5, 4)).toBe(flat);
    for (const [width, height] of [
      [11, 3],
      [2, 9],
    ] as const) {
      const { rgba } = resizeImage(flat, width, height);
      expect(rgba).toEqual(
        Uint8Array.from({ length: 4 * width * height }, (_, i) => [9, 200, 77, 255][i % 4]!),
      );
    }
    const half = { width: 2, height: 1, rgba: Uint8Array.of(255, 0, 0, 0, 0, 0, 255, 255) };
    const shown = resizeImage(half, 4, 1).rgba.filter((_, i) => i % 4 === 0);
    expect([...shown]).toEqual([0, 0, 0, 0]);
  });

  test('averages masks; latents by nearest cells or linearly', () => {
    const mask = { width: 4, height: 2, coverage: Uint8Array.of(255, 255, 0, 0, 255, 0, 0, 0) };
    expect([...resizeMask(mask, 2, 1).coverage]).toEqual([191, 0]);
    const [from, to] = [
      { channels: 1, height: 1, width: 2 },
      { channels: 1, height: 1, width: 4 },
    ];
    expect([...resizeLatent(Float32Array.of(0, 4), from, to, false)]).toEqual([0, 0, 4, 4]);
    expect([...resizeLatent(Float32Array.of(0, 4), from, to, true)]).toEqual([0, 1, 3, 4]);
  });
});
