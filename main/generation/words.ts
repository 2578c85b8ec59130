import type { Recovery } from '../inference/host/inference-host.ts';
import type { Progress, Stage } from '../inference/protocol.ts';

/** What a job is about to do, in words for a person. */
const NEXT: Readonly<Record<Stage, string>> = {
  load: 'Reading the prompt',
  'encode-prompt': 'Preparing',
  'prepare-latent': 'Painting',
  denoise: 'Painting',
  decode: 'Saving',
};

/** A job that waits for its turn. */
export const WAITING = 'Waiting';
/** A job whose model is being loaded. */
export const LOADING = 'Loading the model';

/** What follows on what has just ended. */
export function stageWords({ stage, step, steps }: Progress): string {
  return stage === 'denoise' && step >= steps ? 'Finishing' : NEXT[stage];
}

/** Tells that the worker died under a job which goes on by itself, and what is safe. */
export function recoveryWords(recovery: Recovery, steps: number, results: number): string {
  const { step } = recovery;
  const kept = results === 0 ? '' : ` and ${results} ${results === 1 ? 'result' : 'results'}`;
  const safe = `Your painting${kept} ${results === 0 ? 'is' : 'are'} safe.`;
  const begun = `The generator stopped at step ${Math.min(step + 1, steps)} of ${steps}.`;
  const on = step === 0 ? 'It restarted and begins again.' : `It restarted and goes on from step ${step}.`;
  return `${begun} ${safe} ${on}`;
}
