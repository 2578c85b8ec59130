import { ModelError } from '../../../native-models/errors.ts';

/** Part of a run, as shares of its steps: guidance is on from `start` (inclusive) to `end` (exclusive). */
export interface GuidanceInterval {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether guidance is on at a step (Kynkäänniemi et al. 2024, "Applying Guidance in a Limited
 * Interval"). Outside it the conditional output is used alone, which halves the step's cost.
 *
 * @param step from 0, of `steps` in the whole run.
 */
export function guidanceIsOn(interval: GuidanceInterval, step: number, steps: number): boolean {
  const share = step / steps;
  return share >= interval.start && share < interval.end;
}

function deviation(values: Float32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i += 1) sum += values[i] ?? 0;
  const mean = sum / (end - start);
  let squares = 0;
  for (let i = start; i < end; i += 1) squares += ((values[i] ?? 0) - mean) ** 2;
  // Divided by n - 1, as torch.std does.
  return Math.sqrt(squares / Math.max(end - start - 1, 1));
}

/**
 * Classifier-free guidance (Ho and Salimans 2022): `uncond + scale (cond - uncond)`, and with
 * `rescale` above 0 the result pulled back towards the spread of the conditional output (Lin et al.
 * 2023, section 3.4; phi of about 0.7 for zero-terminal-SNR models).
 *
 * @param uncond output for the negative prompt, flat; `cond` that for the prompt, as long.
 * @param scale guidance scale; 1 gives `cond` back.
 * @param rescale phi, in [0, 1].
 * @param batchSize pictures side by side; each is rescaled by itself.
 * @returns a new array.
 * @throws ModelError `config-invalid` if the two differ in length or a number is out of range.
 */
export function guide(
  uncond: Float32Array,
  cond: Float32Array,
  scale: number,
  rescale = 0,
  batchSize = 1,
): Float32Array {
  if (uncond.length !== cond.length || cond.length % batchSize !== 0) {
    throw new ModelError(
      'config-invalid',
      `Guidance of ${cond.length} values by ${uncond.length} in batches of ${batchSize}.`,
      'Run prompt and negative prompt at one size.',
    );
  }
  if (!Number.isFinite(scale) || !(rescale >= 0 && rescale <= 1)) {
    throw new ModelError(
      'config-invalid',
      `Guidance scale is ${scale} and rescale ${rescale}.`,
      'Choose a finite scale and a rescale from 0 to 1.',
    );
  }
  const guided = cond.map((c, i) => {
    const u = uncond[i] ?? 0;
    return u + scale * (c - u);
  });
  if (rescale === 0) return guided;
  const size = cond.length / batchSize;
  for (let start = 0; start < cond.length; start += size) {
    const end = start + size;
    const spread = deviation(guided, start, end);
    if (spread === 0) continue;
    const factor = rescale * (deviation(cond, start, end) / spread) + (1 - rescale);
    for (let i = start; i < end; i += 1) guided[i] = (guided[i] ?? 0) * factor;
  }
  return guided;
}
