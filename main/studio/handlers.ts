import type { ParsedParams, RequestName, RequestResult } from '../../preload/contract/index.ts';

/** What answers one request; throws StudioError, ModelError or InferenceError for what a person can act on. */
export type Handler<N extends RequestName> = (
  params: ParsedParams<N>,
) => RequestResult<N> | Promise<RequestResult<N>>;

/** One handler for each of the named requests: a missing one fails to compile. */
export type Handlers<N extends RequestName = RequestName> = { readonly [K in N]: Handler<K> };

/** Names of the requests of one subject: `RequestsOf<'documents'>` is `'documents.list' | …`. */
export type RequestsOf<Subject extends string> = Extract<RequestName, `${Subject}.${string}`>;
