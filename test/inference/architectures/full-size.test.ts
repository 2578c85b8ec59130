import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import { referenceFolder } from '../../fixtures/reference-case.ts';
import { readReferenceModel } from '../../fixtures/reference-model.ts';
import { openSession } from '../../fixtures/run-model.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';
import { spent } from '../../fixtures/spent.ts';
import { writeSparseCheckpoint } from '../../fixtures/sparse-checkpoint.ts';

// Seconds on a quiet machine; a busy one may take minutes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const folder = scratchFolder();
const geometry = (name: string) =>
  readReferenceModel(path.join(referenceFolder!, 'geometry', `${name}.json`)).single_file.map(
    ([key, shape]) => [key, shape] as const,
  );

describe.skipIf(referenceFolder === undefined)('full-size checkpoints (needs ../shared/reference)', () => {
  it.each([
    ['sd15', 'sd1', 64, 12],
    ['sdxl', 'sdxl', 128, 12],
  ] as const)('%s opens, builds and makes sessions in seconds', async (name, family, side, heads) => {
    const file = path.join(folder, `${name}.safetensors`);
    writeSparseCheckpoint(file, geometry(name));
    const checkpoint = await openCheckpoint(file);
    expect(checkpoint).toMatchObject({ family, missing: [] });
    expect(checkpoint.textEncoders[0]?.config.heads).toBe(heads);
    const size = { batch: 2, height: side, width: side };
    let graphs: BuiltModel[] = [];
    const cost = await spent(() => {
      graphs = [
        buildUnet(checkpoint.unet, {
          ...size,
          contextTokens: 77,
          adapters: family === 'sd1' ? 'all' : 'none',
        }),
        buildVaeDecoder(checkpoint.vae!, { ...size, batch: 1 }),
        ...checkpoint.textEncoders.map((encoder) => buildClipText(encoder, { batch: 2 })),
      ];
    });
    // Ten times what it takes.
    expect(cost).toBeLessThan(8000);
    for (const graph of graphs) {
      expect(graph.modelBytes.length).toBeLessThan(checkpoint.files[0]!.bytes / 100);
      const session = await openSession(graph);
      expect([...session.inputNames].toSorted()).toEqual([...graph.inputs.keys()].toSorted());
      await session.release();
    }
  });

  it('of Stable Diffusion 2 and the SDXL refiner are told from their relatives', async () => {
    const linear = geometry('sd15').map(([key, shape]) => {
      const projection = /\.proj_(in|out)\.weight$/.test(key);
      const keyOrValue = /attn2\.to_[kv]\.weight$/.test(key);
      return [key, projection ? shape.slice(0, 2) : keyOrValue ? [shape[0]!, 1024] : shape] as const;
    });
    const sd2 = path.join(folder, 'sd2.safetensors');
    writeSparseCheckpoint(sd2, linear);
    const opened = await openCheckpoint(sd2);
    expect(opened).toMatchObject({ family: 'sd2', predictionType: 'v_prediction' });
    expect(opened.unet.config.down.map((level) => level.heads)).toEqual([5, 10, 20, 20]);

    const refiner = path.join(folder, 'refiner.safetensors');
    writeSparseCheckpoint(
      refiner,
      geometry('sdxl').map(([key, shape]) => [
        key,
        /attn2\.to_[kv]\.weight$/.test(key) ? [shape[0]!, 1280] : shape,
      ]),
    );
    await expect(openCheckpoint(refiner)).rejects.toMatchObject({
      code: 'family-unsupported',
      message: expect.stringMatching(/refiner/),
    });
  });
});
