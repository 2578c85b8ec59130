import { z } from 'zod';
import { createNoise } from '../../native-models/noise/create-noise.ts';
import { readReferenceJson } from './read-reference-json.ts';
import { compareRow, relativeError, type VerifyRow } from './verify-row.ts';

const numbers = z.array(z.number());
const fileSchema = z.array(
  z.object({
    seed: z.number(),
    n: z.number().int().min(1),
    philox: numbers,
    philox_next8: numbers.optional(),
    torch_cpu: numbers,
  }),
);

/** Draws the noise of every seed and count of a reference; the reference keeps the first values of each draw. */
export async function* checkNoise(path: string): AsyncGenerator<VerifyRow> {
  for (const one of await readReferenceJson(path, fileSchema)) {
    const what = `seed ${one.seed}, ${one.n} values`;
    yield await compareRow(`noise philox ${what}`, () => {
      const noise = createNoise('philox', one.seed);
      const first = relativeError(noise.normal(one.n).subarray(0, one.philox.length), one.philox);
      const next = one.philox_next8;
      return next === undefined ? first : Math.max(first, relativeError(noise.normal(next.length), next));
    });
    yield await compareRow(`noise torch-cpu ${what}`, () => {
      const drawn = createNoise('torch-cpu', one.seed).normal(one.n);
      return relativeError(drawn.subarray(0, one.torch_cpu.length), one.torch_cpu);
    });
  }
}
