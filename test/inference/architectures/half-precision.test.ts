import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../fixtures/reference-case.ts';
import { runOnce } from '../../fixtures/run-model.ts';
import { relativeError } from '../../fixtures/vectors.ts';

describe.skipIf(referenceFolder === undefined)(
  'a UNet that computes in float16 (needs ../shared/reference)',
  () => {
    let reference: ReferenceCase;
    beforeAll(async () => {
      reference = await openReference('sdxl-tiny', 'diffusers', 'F16');
    });
    afterAll(() => reference.dispose());

    it('is as near to diffusers as its precision allows, and takes and gives float32', async () => {
      const size = { batch: 2, height: 16, width: 16, contextTokens: 77 };
      const graph = buildUnet(reference.checkpoint.unet, { ...size, compute: 'float16', attention: 'plain' });
      for (const { dtype } of [...graph.inputs.values(), ...graph.outputs.values()])
        expect(dtype).toBe('float32');
      const out = await runOnce(graph, reference.unetCall());
      expect(relativeError(out['out_sample']!, reference.floats('unet.out'))).toBeLessThan(1e-2);
    });
  },
);
