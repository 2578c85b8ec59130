import type { LiveService } from '../generation/live/live-service.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `live.*` from the live service. */
export function liveHandlers(live: LiveService): Handlers<RequestsOf<'live'>> {
  return {
    'live.start': (params) => live.start(params),
    'live.update': (params) => {
      live.update(params);
      return {};
    },
    'live.pause': ({ sessionId, paused }) => {
      live.pause(sessionId, paused);
      return {};
    },
    'live.stop': ({ sessionId }) => {
      live.stop(sessionId);
      return {};
    },
    'live.keep': ({ sessionId }) => live.keep(sessionId),
  };
}
