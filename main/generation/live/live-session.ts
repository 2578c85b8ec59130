import type { LiveSettings, Raster, Recipe, StudioErrorData } from '../../../preload/contract/index.ts';
import type { GenerateJob, GenerateResult } from '../../inference/protocol.ts';
import { createEasing } from './easing.ts';
import { type Patch, patchCanvas } from './live-canvas.ts';
import { createPace } from './live-pace.ts';

/** A picture at least this often, in milliseconds, however fast the canvas moves on. */
const LONGEST_WAIT = 350;

/** Settings made ready to run on a canvas. */
export interface PreparedLive {
  /** The job for a canvas at the settings' size. */
  readonly job: (canvas: Raster) => Promise<GenerateJob>;
  readonly recipe: (canvas: Raster, result: GenerateResult) => Promise<Recipe>;
}

/** What a session is given. */
export interface LiveSessionOptions {
  /** @param ease what is made in place of the settings, given the model's step of sizes */
  readonly prepare: (
    settings: LiveSettings,
    ease: (sizeMultiple: number) => LiveSettings,
  ) => Promise<PreparedLive>;
  readonly run: (job: GenerateJob, signal: AbortSignal) => Promise<GenerateResult>;
  readonly describeError: (error: unknown) => StudioErrorData;
  readonly now: () => number;
  readonly picture: (picture: LivePicture) => void;
  readonly state: (state: LiveState) => void;
}

/** A picture as it goes to the page. */
export interface LivePicture {
  readonly number: number;
  readonly raster: Raster;
  readonly latency: number;
  readonly run: number;
  readonly encode: number;
  readonly denoise: number;
  readonly decode: number;
  readonly exact: boolean;
  readonly rate: number;
  readonly dropped: number;
}

/** How a session stands. */
export interface LiveState {
  readonly state: 'running' | 'yielding' | 'eased' | 'paused' | 'stopped';
  readonly cause: string | null;
  readonly steps: number;
  readonly width: number;
  readonly height: number;
  readonly error: StudioErrorData | null;
}

/** What was made last, for whoever wants to keep it. */
export interface MadeLive {
  readonly raster: Raster;
  readonly recipe: () => Promise<Recipe>;
  readonly seconds: number;
}

/** One canvas that is painted live. */
export interface LiveSession {
  readonly update: (change: {
    readonly number: number;
    readonly patches: readonly Patch[];
    readonly penDown: boolean;
    readonly settings?: LiveSettings | undefined;
  }) => void;
  /** Waits while something else runs, named by its cause; null goes on. The job in flight is dropped. */
  readonly yieldTo: (cause: string | null) => void;
  readonly pause: (paused: boolean) => void;
  /** Ends it; the job in flight is dropped within a step. */
  readonly stop: () => void;
  readonly last: MadeLive | null;
}

/** Begins a session with a whole canvas; the first picture is on its way when this returns. */
export function startLiveSession(
  options: LiveSessionOptions,
  begin: { readonly settings: LiveSettings; readonly canvas: Raster; readonly number: number },
): LiveSession {
  const pace = createPace();
  const easing = createEasing();
  let { settings, canvas, number } = begin;
  let changedAt = options.now();
  let penDown = false;
  let hindrance: { readonly state: 'yielding' | 'paused'; readonly cause: string | null } | null = null;
  let pausedByPage = false;
  let yieldCause: string | null = null;
  let stopped = false;
  let prepared: { readonly of: LiveSettings; readonly ready: Promise<PreparedLive> } | null = null;
  let inFlight: { readonly number: number; readonly abort: AbortController } | null = null;
  /** What the last picture showed; -1 before the first. */
  let shown = { number: -1, exact: true };
  let last: MadeLive | null = null;

  const tell = (
    state: LiveState['state'],
    cause: string | null,
    error: StudioErrorData | null = null,
  ): void => {
    const { steps, width, height } = easing.apply(settings, 1);
    options.state({ state, cause, steps, width, height, error });
  };
  const tellRunning = (): void => {
    if (hindrance !== null) tell(hindrance.state, hindrance.cause);
    else if (easing.level > 0) tell('eased', 'pictures came too slowly to paint by');
    else tell('running', null);
  };
  const hinder = (): void => {
    hindrance = pausedByPage
      ? { state: 'paused', cause: 'the window is hidden' }
      : yieldCause === null
        ? null
        : { state: 'yielding', cause: yieldCause };
    tellRunning();
    if (hindrance !== null) drop();
    else pump();
  };
  const drop = (): void => {
    if (inFlight !== null && !inFlight.abort.signal.aborted) {
      pace.dropped();
      inFlight.abort.abort();
    }
  };
  const fresh = (): boolean => shown.number === number && (shown.exact || penDown);
  const pump = (): void => {
    if (stopped || hindrance !== null || inFlight !== null || fresh()) return;
    inFlight = { number, abort: new AbortController() };
    void make(inFlight.number, inFlight.abort.signal, penDown).finally(() => {
      inFlight = null;
      pump();
    });
  };

  const make = async (of: number, signal: AbortSignal, hurried: boolean): Promise<void> => {
    const arrived = changedAt;
    const shows = canvas;
    try {
      const ready = await prepare();
      const begun = options.now();
      const asked = await ready.job(shows);
      const result = await options.run({ ...asked, reuseEncoding: hurried ? 'changed' : 'equal' }, signal);
      if (stopped || signal.aborted) return;
      const now = options.now();
      const { timings } = result;
      const exact = result.encoding !== 'changed';
      const raster = { width: result.width, height: result.height, rgba: result.rgba };
      shown = { number: of, exact };
      last = { raster, recipe: () => ready.recipe(shows, result), seconds: (now - begun) / 1000 };
      options.picture({
        number: of,
        raster,
        latency: now - arrived,
        run: Object.values(timings).reduce((sum, value) => sum + value, 0),
        encode: timings['prepare-latent'],
        denoise: timings.denoise,
        decode: timings.decode,
        exact,
        rate: pace.shown(now),
        dropped: pace.drops,
      });
      // Loading a model says nothing of how fast it paints.
      if (easing.note(now - begun - timings.load)) {
        prepared = null;
        tellRunning();
      }
    } catch (error) {
      // What was dropped on purpose is no error.
      if (signal.aborted || stopped) return;
      stopped = true;
      tell('stopped', null, options.describeError(error));
    }
  };

  const prepare = (): Promise<PreparedLive> => {
    if (prepared?.of === settings) return prepared.ready;
    const of = settings;
    const ready = options.prepare(of, (sizeMultiple) => easing.apply(of, sizeMultiple));
    // Whoever asks hears of a failure; until then it is nobody's unhandled rejection.
    ready.catch(() => {});
    prepared = { of, ready };
    return ready;
  };

  tellRunning();
  pump();
  return {
    update(change) {
      canvas = patchCanvas(canvas, change.patches);
      if (change.settings) settings = change.settings;
      const lifted = penDown && !change.penDown;
      ({ number, penDown } = change);
      changedAt = options.now();
      const stale = inFlight !== null && inFlight.number !== number;
      // Between strokes the newest is worth most; within one, some picture now and then is.
      if (stale && (lifted || changedAt - pace.lastShown < LONGEST_WAIT)) drop();
      pump();
    },
    yieldTo(cause) {
      if (cause === yieldCause) return;
      yieldCause = cause;
      hinder();
    },
    pause(paused) {
      if (paused === pausedByPage) return;
      pausedByPage = paused;
      hinder();
    },
    stop() {
      stopped = true;
      drop();
    },
    get last() {
      return last;
    },
  };
}
