import type { ModelCard } from '../../preload/contract/index.ts';
import type { Evaluations } from './count-evaluations.ts';
import { CONTROL_SHARE, type RunKind, type StageEstimate, type StageTimes } from './stage-times.ts';

/** Rough rate of a machine nobody has measured: seconds a step of a 2 GB model at 512 × 512 px, one evaluation. */
const GUESSED_STEP = { processor: 2.5, graphics: 0.12 };
/** Bytes a second that weights come in at. */
const GUESSED_LOAD_RATE = 400e6;

/** What a run is going to cost, stage by stage, in seconds. */
export interface Price {
  readonly load: number;
  readonly prepare: number;
  readonly step: number;
  readonly steps: number;
  readonly decode: number;
  /** What 9 of 10 runs stay below. */
  readonly slow: { readonly prepare: number; readonly step: number; readonly decode: number };
  /** True when it rests on runs of just this kind. */
  readonly measured: boolean;
  /** False when it is a guess: the model never ran on this device. */
  readonly known: boolean;
}

/**
 * Prices a run from what earlier ones took, or by a guess from the model's bytes and the picture's pixels.
 *
 * @param warm true while the model is loaded: loading then costs nothing.
 */
export function priceRun(
  times: StageTimes,
  kind: RunKind,
  { steps }: Pick<Evaluations, 'steps'>,
  card: ModelCard,
  warm: boolean,
): Price {
  const known = times.estimate(kind);
  const guess = guessStages(kind, card);
  const { prepare, step, decode }: Pick<StageEstimate, 'prepare' | 'step' | 'decode'> = known ?? guess;
  const load = warm ? 0 : (known?.load ?? guess.load);
  // Nothing is known of how a guess varies, so it says twice as much.
  const slow = known?.slow ?? { prepare: 2 * prepare, step: 2 * step, decode: 2 * decode };
  return { load, prepare, step, steps, decode, slow, measured: known?.exact ?? false, known: known !== null };
}

/** Seconds without the one-off part. */
export function runSeconds({ prepare, step, steps, decode }: Omit<Price, 'slow'>): number {
  return prepare + steps * step + decode;
}

function guessStages(
  kind: RunKind,
  card: ModelCard,
): Omit<StageEstimate, 'exact' | 'load' | 'slow'> & { load: number } {
  const base = kind.device.startsWith('cpu') ? GUESSED_STEP.processor : GUESSED_STEP.graphics;
  const pixels = (kind.width * kind.height) / (512 * 512);
  const batch = kind.guided ? 2 : 1;
  const step = base * (card.bytes / 2e9) * pixels * batch * (1 + CONTROL_SHARE * kind.controls);
  return { load: 0.5 + card.bytes / GUESSED_LOAD_RATE, prepare: step, step, decode: 2 * step };
}
