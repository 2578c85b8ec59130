import { beforeAll, describe, expect, test } from 'vitest';
import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../fixtures/reference-case.ts';
import { synthesiseTensor, fromHalfBits } from '../../fixtures/synthesise-weights.ts';
import { runOnce } from '../../fixtures/run-model.ts';
import { relativeError } from '../../fixtures/vectors.ts';

describe.skipIf(referenceFolder === undefined)('CLIP skip (needs ../shared/reference)', () => {
  let reference: ReferenceCase;
  beforeAll(async () => {
    reference = await openReference('sd15-tiny', 'single file', 'F16');
    return () => reference.dispose();
  });

  test('2 takes the reference’s last layer but one, through the final norm', async () => {
    const [encoder] = reference.checkpoint.textEncoders;
    const ids = reference.vector('input_ids');
    const built = buildClipText(encoder!, { batch: ids.shape[0]!, clipSkip: 2 });
    const { last_hidden_state: actual } = await runOnce(built, { input_ids: ids });

    const penultimate = reference.floats('text1.penultimate');
    const width = encoder!.config.hiddenSize;
    const tensor = (end: string): Float64Array => {
      const found = reference.model.tensors.find(
        ([name]) => name.startsWith('text_encoder/') && name.endsWith(`final_layer_norm.${end}`),
      );
      const [name, shape] = found!;
      return Float64Array.from(synthesiseTensor(name, shape, reference.model.salt), fromHalfBits);
    };
    const expected = layerNorm(penultimate, width, tensor('weight'), tensor('bias'));
    expect(relativeError(actual!, expected)).toBeLessThan(1e-4);
    // And it is not what the last layer says.
    expect(relativeError(actual!, reference.floats('text1.last'))).toBeGreaterThan(1e-2);
  });
});

/** Layer normalisation (arXiv:1607.06450 eq. 4) with PyTorch's epsilon, in float64. */
function layerNorm(
  values: Float32Array,
  width: number,
  scale: Float64Array,
  shift: Float64Array,
): Float32Array {
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    for (let i = 0; i < width; i++) {
      result[start + i] = ((row[i]! - mean) / Math.sqrt(variance + 1e-5)) * scale[i]! + shift[i]!;
    }
  }
  return result;
}
