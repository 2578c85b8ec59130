import { createTokenMeter } from '../models/count-tokens.ts';
import type { ModelLibrary } from '../models/model-library.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `models.*` from the library. */
export function modelHandlers(library: ModelLibrary): Handlers<RequestsOf<'models'>> {
  const meter = createTokenMeter();
  return {
    'models.list': () => library.list(),
    'models.open': ({ path }) => library.open(path),
    'models.tokens': async ({ modelId, text }) => meter.count(await library.get(modelId), text),
  };
}
