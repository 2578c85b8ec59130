import type { z } from 'zod';
import { brushRequests } from './brushes.ts';
import { documentRequests } from './documents.ts';
import { galleryRequests } from './gallery.ts';
import { fileEvents, fileRequests } from './files.ts';
import { generationEvents, generationRequests } from './generation.ts';
import { gridRequests } from './grid.ts';
import { libraryEvents, libraryRequests } from './library.ts';
import { liveEvents, liveRequests } from './live.ts';
import { provenanceRequests } from './provenance.ts';
import { queueEvents, queueRequests } from './queue.ts';
import { studioEvents, studioRequests } from './studio.ts';
import { variationRequests } from './variation.ts';

/** Every request that the page may make: name → schemas of parameters and result. */
export const requests = {
  ...studioRequests,
  ...documentRequests,
  ...fileRequests,
  ...brushRequests,
  ...generationRequests,
  ...libraryRequests,
  ...galleryRequests,
  ...liveRequests,
  ...provenanceRequests,
  ...queueRequests,
  ...variationRequests,
  ...gridRequests,
} as const;

/** Every event that the studio may send: name → schema of its payload. */
export const events = {
  ...fileEvents,
  ...studioEvents,
  ...generationEvents,
  ...libraryEvents,
  ...liveEvents,
  ...queueEvents,
} as const;

export type RequestName = keyof typeof requests;
export type RequestParams<N extends RequestName> = z.input<(typeof requests)[N]['params']>;
/** A request's parameters after its schema has parsed them. */
export type ParsedParams<N extends RequestName> = z.output<(typeof requests)[N]['params']>;
export type RequestResult<N extends RequestName> = z.output<(typeof requests)[N]['result']>;
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** One event as it travels. */
export type StudioEvent = {
  [N in EventName]: { readonly name: N; readonly payload: EventPayload<N> };
}[EventName];

/** True for names in {@link requests}; what comes from the page is never trusted. */
export function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name);
}

/** True for names in {@link events}. */
export function isEventName(name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(events, name);
}
