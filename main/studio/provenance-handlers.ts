import type { ModelLibrary } from '../models/model-library.ts';
import { readSettings } from '../provenance/read-settings.ts';
import { usableSettings } from '../provenance/usable-settings.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `provenance.*`. */
export function provenanceHandlers(library: ModelLibrary): Handlers<RequestsOf<'provenance'>> {
  return {
    'provenance.read': async ({ bytes }) => {
      const found = await readSettings(bytes);
      return found && { found, use: usableSettings(found, library.list()) };
    },
  };
}
