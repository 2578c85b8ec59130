import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../fixtures/reference-case.ts';
import { runOnce } from '../../fixtures/run-model.ts';
import { relativeError } from '../../fixtures/vectors.ts';

// Seconds on a quiet machine; a busy one may take minutes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const cases = (['sd15-tiny', 'sdxl-tiny'] as const).flatMap((name) => [
  { name, layout: 'diffusers' as const, precision: 'F16' as const },
  { name, layout: 'single file' as const, precision: 'F16' as const },
  { name, layout: 'single file' as const, precision: 'F32' as const },
]);

describe.skipIf(referenceFolder === undefined).each(cases)(
  '$name from a $layout in $precision, against diffusers (needs ../shared/reference)',
  ({ name, layout, precision }) => {
    let reference: ReferenceCase;
    beforeAll(async () => {
      reference = await openReference(name, layout, precision);
    });
    afterAll(() => reference.dispose());

    it('is told by its family and complete', () => {
      const { checkpoint } = reference;
      expect(checkpoint.family).toBe(name === 'sdxl-tiny' ? 'sdxl' : 'sd1');
      expect(checkpoint.missing).toEqual([]);
      expect(checkpoint.predictionType).toBe('epsilon');
    });

    it('encodes text', async () => {
      for (const [i, encoder] of reference.checkpoint.textEncoders.entries()) {
        const graph = buildClipText(encoder, { batch: 2 });
        const out = await runOnce(graph, { input_ids: reference.vector('input_ids') });
        for (const [output, key] of [
          ['last_hidden_state', 'last'],
          ['penultimate_hidden_state', 'penultimate'],
          ['pooled', 'pooled'],
        ] as const) {
          expect(relativeError(out[output]!, reference.floats(`text${i + 1}.${key}`))).toBeLessThan(1e-4);
        }
      }
    });

    it.each(['fused', 'plain', { maxScoreBytes: 300_000 }] as const)(
      'predicts noise with attention %j',
      async (attention) => {
        const size = { batch: 2, height: 16, width: 16, contextTokens: 77 };
        const graph = buildUnet(reference.checkpoint.unet, { ...size, attention });
        const out = await runOnce(graph, reference.unetCall());
        expect(relativeError(out['out_sample']!, reference.floats('unet.out'))).toBeLessThan(1e-4);
      },
    );

    it('encodes and decodes a picture', async () => {
      const vae = reference.checkpoint.vae!;
      const size = { batch: 1, height: 16, width: 16 };
      const encoded = await runOnce(buildVaeEncoder(vae, size), { image: reference.vector('vae.image') });
      expect(relativeError(encoded['mean']!, reference.floats('vae.mean'))).toBeLessThan(1e-4);
      const decoded = await runOnce(buildVaeDecoder(vae, size), { latent: reference.vector('vae.mean') });
      expect(relativeError(decoded['image']!, reference.floats('vae.decoded'))).toBeLessThan(1e-4);
    });
  },
);
