import type { BrushStore } from '../brushes/brush-store.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `brushes.*` from the folder of brushes. */
export function brushHandlers(brushes: BrushStore): Handlers<RequestsOf<'brushes'>> {
  return {
    'brushes.list': () => brushes.list(),
    'brushes.save': ({ brush }) => {
      brushes.save(brush);
      return {};
    },
    'brushes.remove': ({ id }) => {
      brushes.remove(id);
      return {};
    },
  };
}
