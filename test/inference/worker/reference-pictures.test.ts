import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import type { WorkerMemory } from '../../../main/inference/worker/worker-memory.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../fixtures/reference-case.ts';
import { readVectors, relativeError, type Vector } from '../../fixtures/vectors.ts';
import { embeddedJob, freshMemory, link } from './worker-memory.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures');
const { cases } = JSON.parse(readFileSync(path.join(fixtures, 'embedded-reference.json'), 'utf8')) as {
  readonly cases: readonly {
    readonly prompt: string;
    readonly negative: string;
    readonly steps: number;
    readonly guidance: number;
    readonly tensors: string;
  }[];
};

/** What a value of a network's picture is as a byte. */
function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round((value / 2 + 0.5) * 255)));
}

/** Largest difference in bytes between the middle 64 × 64 pixels of a 256-pixel picture and its reference. */
function centreDifference(rgba: Uint8Array, centre: Float32Array): number {
  let largest = 0;
  centre.forEach((value, i) => {
    const [channel, row, column] = [Math.floor(i / 4096), Math.floor(i / 64) % 64, i % 64];
    const found = rgba[((96 + row) * 256 + 96 + column) * 4 + channel]!;
    largest = Math.max(largest, Math.abs(found - toByte(value)));
  });
  return largest;
}

describe('whole runs of the embedded model against diffusers', () => {
  let reference: ReadonlyMap<string, Vector>;
  let memory: WorkerMemory;
  beforeAll(async () => {
    reference = await readVectors(path.join(fixtures, 'embedded-reference.safetensors'));
    memory = freshMemory();
  });
  const floats = (name: string): Float32Array => reference.get(name)!.data as Float32Array;

  it.each(cases)('$prompt', async ({ prompt, negative, steps, guidance, tensors }) => {
    const job = embeddedJob({ prompt, negative, steps, guidance, width: 256, height: 256 });
    const initialLatent = floats(`${tensors}initial_latent`);
    const result = await runJob({ ...job, initialLatent }, link(), memory);
    expect(relativeError(result.latent, floats(`${tensors}final_latent`))).toBeLessThan(1e-3);
    expect(centreDifference(result.rgba, floats(`${tensors}image.centre`))).toBeLessThanOrEqual(1);
  });
});

describe.skipIf(referenceFolder === undefined).each([
  { name: 'sd15-tiny', layout: 'diffusers' },
  { name: 'sd15-tiny', layout: 'single file' },
  { name: 'sdxl-tiny', layout: 'diffusers' },
  { name: 'sdxl-tiny', layout: 'single file' },
] as const)(
  '$name as a $layout, a whole run against diffusers (needs ../shared/reference)',
  ({ name, layout }) => {
    let reference: ReferenceCase;
    beforeAll(async () => {
      reference = await openReference(name, layout, 'F16');
      return () => reference.dispose();
    });

    it('ends in the same latent and picture', async () => {
      const settings = reference.settings as unknown as {
        readonly prompt: string;
        readonly negative: string;
        readonly guidance: number;
        readonly steps: number;
        readonly sampler: string;
      };
      const job = embeddedJob({
        model: { kind: layout === 'diffusers' ? 'folder' : 'file', path: reference.path },
        prompt: settings.prompt,
        negative: settings.negative,
        promptSyntax: 'plain',
        // The reference gave both of SDXL's encoders the same ids.
        padWithEndToken: true,
        guidance: settings.guidance,
        steps: settings.steps,
        sampler: { id: settings.sampler },
        initialLatent: reference.floats('pipeline.init_latent'),
      });
      const result = await runJob(job, link(), freshMemory());
      expect(relativeError(result.latent, reference.floats('pipeline.final_latent'))).toBeLessThan(1e-3);
      const image = reference.floats('pipeline.image');
      const bytes = Uint8Array.from(image, toByte);
      const off = bytes.map((byte, i) => {
        const [channel, pixel] = [Math.floor(i / 128 ** 2), i % 128 ** 2];
        return Math.abs(byte - result.rgba[pixel * 4 + channel]!);
      });
      expect(Math.max(...off)).toBeLessThanOrEqual(1);
    });
  },
);
