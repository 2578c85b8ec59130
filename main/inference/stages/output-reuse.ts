/** Evaluations in a row that are forecast at most. */
const MOST_IN_A_ROW = 2;
/** Evaluations at the beginning and at the end of a run that are always made. */
const FIRST = 2;
const LAST = 1;

/** What reusing outputs came to in a run. */
export interface ReuseReport {
  readonly forecast: number;
  readonly evaluations: number;
  /** Mean relative distance between a forecast and what was computed right after it; null where none was checked. */
  readonly error: number | null;
}

/**
 * Leaves out evaluations of the denoiser while its input changes little, and forecasts their outputs from the last two
 * that were made. The criterion is that of TeaCache (Liu et al. 2025, arXiv:2411.19108): the relative L1 changes of the
 * input add up since the last evaluation, and once they pass a threshold the network runs. The forecast is the line
 * through the last two outputs (TaylorSeer, Liu et al. 2025, arXiv:2503.06923, first order). An approximation: never used
 * unless it was asked for. Each time the network runs again, the forecast is held against what it says.
 */
export class OutputReuse {
  readonly #threshold: number;
  readonly #total: number;
  #computed: { readonly index: number; readonly output: Float32Array }[] = [];
  #input: Float32Array | null = null;
  #changed = 0;
  #inARow = 0;
  #forecasts = 0;
  #evaluations = 0;
  readonly #errors: number[] = [];

  /**
   * @param threshold summed relative change of the input, 0 … 1; 0 leaves nothing out
   * @param total evaluations of the run
   */
  constructor(threshold: number, total: number) {
    this.#threshold = threshold;
    this.#total = total;
  }

  /** The output for an input, forecast or computed. @param at evaluations done before this one */
  async output(at: number, input: Float32Array, compute: () => Promise<Float32Array>): Promise<Float32Array> {
    this.#evaluations += 1;
    if (this.#input) this.#changed += relativeDistance(input, this.#input);
    this.#input = input;
    const forecast = this.#forecast(at);
    const inside = at >= FIRST && at < this.#total - LAST;
    if (forecast && inside && this.#changed < this.#threshold && this.#inARow < MOST_IN_A_ROW) {
      this.#inARow += 1;
      this.#forecasts += 1;
      return forecast;
    }
    const output = await compute();
    if (forecast && this.#inARow > 0) this.#errors.push(relativeDistance(forecast, output));
    this.#changed = 0;
    this.#inARow = 0;
    this.#computed = [...this.#computed.slice(-1), { index: at, output }];
    return output;
  }

  get report(): ReuseReport {
    const { length } = this.#errors;
    return {
      forecast: this.#forecasts,
      evaluations: this.#evaluations,
      error: length === 0 ? null : this.#errors.reduce((sum, error) => sum + error, 0) / length,
    };
  }

  #forecast(at: number): Float32Array | null {
    const [before, last] = this.#computed;
    if (!before || !last) return null;
    const share = (at - last.index) / (last.index - before.index);
    return last.output.map((value, i) => value + (value - (before.output[i] ?? 0)) * share);
  }
}

/** ‖a − b‖₁ / ‖b‖₁. */
function relativeDistance(a: Float32Array, b: Float32Array): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    size += Math.abs(b[i] ?? 0);
  }
  return size === 0 ? 0 : difference / size;
}
