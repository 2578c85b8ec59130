import type { LiveState } from './live-store.ts';

/** One of the seven states of Live: a mark and words, and what they mean. */
export interface LiveWords {
  readonly state: 'off' | 'current' | 'behind' | 'quiet' | 'yielding' | 'eased' | 'stopped';
  readonly mark: string;
  readonly text: string;
  readonly meaning: string;
}

type Facts = Pick<
  LiveState,
  | 'phase'
  | 'latency'
  | 'behind'
  | 'waiting'
  | 'heldBack'
  | 'madeSteps'
  | 'madeWidth'
  | 'madeHeight'
  | 'cause'
  | 'error'
>;

/** @param verb of the job that Live waits for, if it waits for one */
export function liveWords(live: Facts, verb: string | null): LiveWords {
  switch (live.phase) {
    case 'off':
      return { state: 'off', mark: '', text: 'Live is off', meaning: 'No job exists' };
    case 'stopped':
      return {
        state: 'stopped',
        mark: '■',
        text: `Live stopped: ${live.error?.message ?? 'no reason was given'}`,
        meaning: live.error?.remedy ?? '',
      };
    case 'yielding':
      return {
        state: 'yielding',
        mark: '‖',
        text: `Live, paused for ${verb ?? 'a picture'}`,
        meaning: 'What you asked for comes first; Live goes on by itself',
      };
    case 'paused':
      return {
        state: 'yielding',
        mark: '‖',
        text: 'Live, paused',
        meaning: `Because ${live.cause ?? 'it waits'}`,
      };
    case 'running':
    case 'eased':
      return running(live);
  }
}

function running({
  phase,
  latency,
  behind,
  waiting,
  heldBack,
  madeSteps,
  madeWidth,
  madeHeight,
  cause,
}: Facts): LiveWords {
  if (heldBack) {
    return {
      state: 'quiet',
      mark: '◌',
      text: 'Live, waiting for the pen',
      meaning: 'Around the nib the picture changes once the pen is lifted',
    };
  }
  if (waiting) {
    const strokes = behind === 0 ? 'one stroke' : `${behind} ${behind === 1 ? 'stroke' : 'strokes'}`;
    return {
      state: 'behind',
      mark: '◐',
      text: latency === null ? 'Live, first picture' : `Live, ${strokes} behind`,
      meaning: 'One picture is being made; older ones were dropped',
    };
  }
  if (phase === 'eased') {
    return {
      state: 'eased',
      mark: '▽',
      text: `Live, ${madeSteps} steps, ${Math.max(madeWidth, madeHeight)} px`,
      meaning: `Eased: ${cause ?? 'pictures came too slowly'}`,
    };
  }
  return {
    state: 'current',
    mark: '●',
    text: latency === null ? 'Live' : `Live ${Math.round(latency)} ms`,
    meaning: 'The picture matches the canvas',
  };
}
