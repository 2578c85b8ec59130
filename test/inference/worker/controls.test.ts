import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ControlChoice, RgbaImage } from '../../../main/inference/protocol.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import type { WorkerMemory } from '../../../main/inference/worker/worker-memory.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../fixtures/reference-case.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { embeddedJob, freshMemory, link } from './worker-memory.ts';

const edges: RgbaImage = {
  width: 128,
  height: 128,
  rgba: Uint8Array.from({ length: 128 * 128 * 4 }, (_, i) => (i % 4 === 3 || (i >> 2) % 16 === 0 ? 255 : 0)),
};

describe.skipIf(referenceFolder === undefined)('a ControlNet (needs ../shared/reference)', () => {
  let reference: ReferenceCase;
  let memory: WorkerMemory;
  let control: ControlChoice;
  beforeAll(async () => {
    reference = await openReference('sd15-tiny', 'diffusers', 'F16');
    memory = freshMemory();
    control = { path: path.join(reference.path, 'controlnet'), image: edges, strength: 1 };
    return async () => {
      await memory.networks.clear();
      reference.dispose();
    };
  });
  const run = async (controls: readonly ControlChoice[]) => {
    const model = { kind: 'folder', path: reference.path } as const;
    const { latent } = await runJob(embeddedJob({ model, controls, steps: 3 }), link(), memory);
    return latent;
  };

  test('changes the picture with its strength and its hint, and not at strength 0', async () => {
    const none = await run([]);
    const full = await run([control]);
    const half = await run([{ ...control, strength: 0.5 }]);
    expect(relativeError(await run([{ ...control, strength: 0 }]), none)).toBeLessThan(1e-5);
    expect(relativeError(full, none)).toBeGreaterThan(1e-3);
    expect(relativeError(half, none)).toBeGreaterThan(1e-4);
    expect(relativeError(half, full)).toBeGreaterThan(1e-4);
    const blank = { ...edges, rgba: new Uint8Array(edges.rgba.length) };
    expect(relativeError(await run([{ ...control, image: blank }]), full)).toBeGreaterThan(1e-5);
  });

  test('several are added: two of half strength are one of full strength', async () => {
    const half = { ...control, strength: 0.5 };
    expect(relativeError(await run([half, half]), await run([control]))).toBeLessThan(1e-4);
  });

  test('acts only in its part of the run', async () => {
    const never = await run([{ ...control, start: 1 }]);
    expect(relativeError(never, await run([]))).toBeLessThan(1e-5);
    const early = await run([{ ...control, end: 0.3 }]);
    expect(relativeError(early, never)).toBeGreaterThan(1e-4);
    expect(relativeError(early, await run([control]))).toBeGreaterThan(1e-4);
  });

  test('made for other models, it is refused in words', async () => {
    const other = runJob(embeddedJob({ controls: [control] }), link(), memory);
    await expect(other).rejects.toMatchObject({
      code: 'adapter-unsupported',
      message: expect.stringContaining('text of width'),
    });
  });
});
