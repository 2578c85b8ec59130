import { describe, expect, it, vi } from 'vitest';
import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { openReference, referenceFolder } from '../../fixtures/reference-case.ts';
import { runOnce } from '../../fixtures/run-model.ts';
import { relativeError } from '../../fixtures/vectors.ts';

// Seconds on a quiet machine; a busy one may take minutes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

describe.skipIf(referenceFolder === undefined)('weights in bfloat16 (needs ../shared/reference)', () => {
  it('give what the same numbers in float32 give', async () => {
    const outputs: Float32Array[][] = [];
    for (const precision of ['BF16', 'rounded'] as const) {
      const reference = await openReference('sd15-tiny', 'single file', precision);
      const { checkpoint } = reference;
      const text = await runOnce(buildClipText(checkpoint.textEncoders[0]!, { batch: 2 }), {
        input_ids: reference.vector('input_ids'),
      });
      const size = { batch: 2, height: 16, width: 16, contextTokens: 77 };
      const noise = await runOnce(buildUnet(checkpoint.unet, size), reference.unetCall());
      outputs.push([text['last_hidden_state']!, noise['out_sample']!]);
      reference.dispose();
    }
    const [stored, rounded] = outputs;
    expect(relativeError(stored![0]!, rounded![0]!)).toBeLessThan(1e-6);
    expect(relativeError(stored![1]!, rounded![1]!)).toBeLessThan(1e-6);
  });
});
