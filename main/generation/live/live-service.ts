import { randomUUID } from 'node:crypto';
import {
  type GenerationRequest,
  type LiveSettings,
  type RequestParams,
  type ResultSummary,
  StudioError,
  type StudioErrorData,
  type StudioEvent,
} from '../../../preload/contract/index.ts';
import type { InferenceHost } from '../../inference/host/inference-host.ts';
import { prepareInit } from '../init-image.ts';
import { type Resolver, resolveRequest } from '../resolve-request.ts';
import type { FinishedPicture } from '../result-store.ts';
import { deviceOf } from '../run-job.ts';
import { type LiveSession, type PreparedLive, startLiveSession } from './live-session.ts';

/** Canvases that are painted live at a time; another one ends the oldest. */
const MOST_SESSIONS = 4;

/** Requests about painting live; parameters are parsed already. */
export interface LiveService {
  /** @throws StudioError `models/…` for a model that is not there. */
  readonly start: (params: RequestParams<'live.start'>) => Promise<{ sessionId: string }>;
  /** @throws StudioError `live/ended`, `live/patch-outside` */
  readonly update: (params: RequestParams<'live.update'>) => void;
  /** @throws StudioError `live/ended` */
  readonly pause: (sessionId: string, paused: boolean) => void;
  readonly stop: (sessionId: string) => void;
  /** @throws StudioError `live/nothing-yet`, `live/ended`, `generation/result-unwritable` */
  readonly keep: (sessionId: string) => Promise<ResultSummary>;
  /** Jobs of the queue come first: sessions wait while there are any. */
  readonly queueChanged: (jobs: number) => void;
  readonly close: () => void;
}

/** What the service is given. */
export interface LiveServiceOptions extends Omit<Resolver, 'previewEvery'> {
  readonly host: Pick<InferenceHost, 'run'>;
  readonly keep: (picture: FinishedPicture) => Promise<ResultSummary>;
  readonly emit: (event: StudioEvent) => void;
  readonly describeError: (error: unknown) => StudioErrorData;
}

/** A service without sessions. */
export function createLiveService(options: LiveServiceOptions): LiveService {
  const { emit, host } = options;
  const sessions = new Map<string, LiveSession>();
  let waiting: string | null = null;

  const find = (sessionId: string): LiveSession => {
    const session = sessions.get(sessionId);
    if (session === undefined) throw ended();
    return session;
  };
  const stop = (sessionId: string): void => {
    sessions.get(sessionId)?.stop();
    sessions.delete(sessionId);
  };

  return {
    async start({ settings, canvas, number }) {
      await options.library.get(settings.modelId);
      const [oldest] = sessions.keys();
      if (sessions.size >= MOST_SESSIONS && oldest !== undefined) stop(oldest);
      const sessionId = randomUUID();
      const session = startLiveSession(
        {
          prepare: (asked, ease) => prepare(asked, ease, options),
          run: (job, signal) => host.run(job, {}, signal),
          describeError: options.describeError,
          now: () => performance.now(),
          picture: (picture) => emit({ name: 'live.picture', payload: { sessionId, ...picture } }),
          // After the answer, so that whoever asked knows which session is spoken of.
          state: (state) =>
            setImmediate(() => emit({ name: 'live.state', payload: { sessionId, ...state } })),
        },
        { settings, canvas, number },
      );
      sessions.set(sessionId, session);
      session.yieldTo(waiting);
      return { sessionId };
    },
    update({ sessionId, ...change }) {
      find(sessionId).update(change);
    },
    pause(sessionId, paused) {
      find(sessionId).pause(paused);
    },
    stop,
    async keep(sessionId) {
      const { last } = find(sessionId);
      if (last === null) throw nothingYet();
      const { raster, seconds } = last;
      return options.keep({ jobId: `live-${randomUUID()}`, recipe: await last.recipe(), raster, seconds });
    },
    queueChanged(jobs) {
      waiting = jobs === 0 ? null : 'a picture that was asked for';
      for (const session of sessions.values()) session.yieldTo(waiting);
    },
    close() {
      for (const sessionId of sessions.keys()) stop(sessionId);
    },
  };
}

/** Resolves settings once; each canvas then takes the place of the picture to start from. */
async function prepare(
  settings: LiveSettings,
  ease: (sizeMultiple: number) => LiveSettings,
  resolver: Omit<Resolver, 'previewEvery'>,
): Promise<PreparedLive> {
  const { card } = await resolver.library.get(settings.modelId);
  const { strength, ...eased } = ease(card.sizeMultiple);
  const { width, height } = eased;
  const blank = { width, height, rgba: new Uint8Array(width * height * 4) };
  const request: GenerationRequest = { ...eased, init: { raster: blank, strength } };
  const { job, recipe } = await resolveRequest(request, { ...resolver, previewEvery: 0 });
  return {
    async job(canvas) {
      const { image } = await prepareInit(canvas, width, height);
      return { ...job, init: { image, strength } };
    },
    async recipe(canvas, result) {
      const { image, sha256 } = await prepareInit(canvas, width, height);
      await resolver.inputs.keepPicture(image, sha256);
      const made = await recipe(deviceOf(result, job));
      const approximated = result.encoding === 'changed' ? { encoding: 'changed' as const } : null;
      return {
        ...made,
        init: { sha256, strength },
        ...(approximated ? { approximations: { ...made.approximations, ...approximated } } : {}),
      };
    },
  };
}

function ended(): StudioError {
  return new StudioError(
    'live/ended',
    'This canvas is not painted live any more. Your painting is untouched.',
    'Turn Live on again.',
  );
}

function nothingYet(): StudioError {
  return new StudioError(
    'live/nothing-yet',
    'No live picture has been made yet, so there is none to keep.',
    'Wait for the first one.',
  );
}
