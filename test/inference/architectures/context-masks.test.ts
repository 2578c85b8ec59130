import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contextMaskName } from '../../../native-models/architectures/layers.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { runOnce, vector } from '../../fixtures/run-model.ts';
import { relativeError, type Vector } from '../../fixtures/vectors.ts';

const embedded = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');
const wave = (count: number, step: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * step));

describe('masks of the text', () => {
  const width = 192;
  const text = wave(32 * width, 0.3);
  const other = wave(32 * width, 0.17);
  const call = {
    sample: vector([1, 16, 8, 8], wave(16 * 64, 0.7)),
    timestep: vector([1], new Float32Array([400])),
  };
  const size = { batch: 1, height: 8, width: 8 };

  it.each(['fused', 'plain', { maxScoreBytes: 4096 }] as const)(
    'that hide the second of two prompts leave what the first alone gives, with attention %j',
    async (attention) => {
      const { unet } = await openCheckpoint(embedded);
      const alone = await runOnce(buildUnet(unet, { ...size, contextTokens: 32 }), {
        ...call,
        encoder_hidden_states: vector([1, 32, width], text),
      });
      const both = buildUnet(unet, { ...size, contextTokens: 64, contextMasks: true, attention });
      const joined = vector([1, 64, width], new Float32Array([...text, ...other]));
      const masks = (hidden: boolean): Record<string, Vector> =>
        Object.fromEntries(
          [...both.inputs]
            .filter(([name]) => name.startsWith('context_mask_'))
            .map(([name, { shape }]) => {
              const cells = Number(shape[2]);
              const values = Float32Array.from({ length: cells * 64 }, (_, i) =>
                hidden && i % 64 >= 32 ? -10_000 : 0,
              );
              return [name, vector([1, 1, cells, 64], values)];
            }),
        );
      // The first of three levels has no attention.
      expect(Object.keys(masks(true))).toEqual(
        [
          { height: 4, width: 4 },
          { height: 2, width: 2 },
        ].map(contextMaskName),
      );
      const run = async (hidden: boolean) =>
        (await runOnce(both, { ...call, encoder_hidden_states: joined, ...masks(hidden) }))['out_sample']!;
      expect(relativeError(await run(true), alone['out_sample']!)).toBeLessThan(1e-5);
      expect(relativeError(await run(false), alone['out_sample']!)).toBeGreaterThan(1e-3);
    },
  );
});
