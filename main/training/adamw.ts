/** What AdamW is told; torch's defaults but for the rate. */
export interface AdamwSettings {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Parameters and the running means of their gradients and squared gradients, all fp32 and of one length. */
export interface AdamwState {
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export const ADAMW_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 } as const;

/**
 * One change of the parameters, in place (Loshchilov and Hutter 2019, algorithm 2, as torch.optim.AdamW has it).
 *
 * @param step counted from 1.
 */
export function adamwStep(
  { parameters, first, second }: AdamwState,
  gradients: Float32Array,
  step: number,
  { rate, beta1, beta2, epsilon, weightDecay }: AdamwSettings,
): void {
  const stepSize = rate / (1 - beta1 ** step);
  const correction = Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < parameters.length; i++) {
    const gradient = gradients[i] ?? 0;
    const mean = beta1 * (first[i] ?? 0) + (1 - beta1) * gradient;
    const square = beta2 * (second[i] ?? 0) + (1 - beta2) * gradient * gradient;
    first[i] = mean;
    second[i] = square;
    const decayed = (parameters[i] ?? 0) * (1 - rate * weightDecay);
    parameters[i] = decayed - (stepSize * mean) / (Math.sqrt(square) / correction + epsilon);
  }
}
