import type { Precision, Provider } from '../inference/protocol.ts';
import type { QuantScheme } from '../../native-models/quantise/scheme.ts';

/** A way to compute a model that is not the reference (processor, fp32) itself. */
export interface ComputeForm {
  readonly provider: Provider;
  readonly precision: Precision;
  /** Linear layers of the denoiser in fewer bits; null as the file has them. */
  readonly linear: QuantScheme | null;
}

/** What a model gives in one form, held against the processor in fp32. */
export interface ModelVerdict extends ComputeForm {
  /** max |a − b| / max |b| (of a quantised denoiser ‖a − b‖ / ‖b‖); infinite for values that are no numbers; null when it was not computed. */
  readonly error: number | null;
  /** Largest error that counts as equal. */
  readonly bar: number;
  /** `ok` within the bar, `miss` beyond it, `failed` when it could not be computed. */
  readonly verdict: 'ok' | 'miss' | 'failed';
  /** Why it failed, or what was compared. */
  readonly note: string;
}

/**
 * Largest relative errors that count as the same model. fp32 on another device rounds sums in another order, some in
 * TF32; fp16 carries 11 bits through some hundred layers; 8 and 4 bits are meant to cost a little.
 */
const BARS = { fp32: 5e-3, fp16: 2e-2, int8: 5e-2, int4: 2e-1 } as const;

/** A form as it is named to a person, such as `cuda fp16` or `cpu fp32 int8`. */
export function formName({ provider, precision, linear }: ComputeForm): string {
  return `${provider} ${precision}${linear === null ? '' : ` ${linear}`}`;
}

/** The bar of a form. */
export function barOf({ precision, linear }: ComputeForm): number {
  return linear === null ? BARS[precision] : BARS[linear];
}

/** Judges an error by the bar of its form. */
export function judge(form: ComputeForm, error: number, note: string): ModelVerdict {
  const bar = barOf(form);
  return { ...form, error, bar, verdict: error <= bar ? 'ok' : 'miss', note };
}

/** The verdict of a form that could not be computed. */
export function failed(form: ComputeForm, reason: string): ModelVerdict {
  return { ...form, error: null, bar: barOf(form), verdict: 'failed', note: reason };
}
