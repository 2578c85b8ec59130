import { easedWords, type GenerationRequest } from '../../preload/contract/index.ts';
import { easeToDeadline } from './ease-to-deadline.ts';
import { type Price, runSeconds } from './price.ts';

/** What of a request decides whether and how it can give way. */
export type TimedRequest = Pick<
  GenerationRequest,
  'steps' | 'width' | 'height' | 'hires' | 'doneWithin' | 'mask' | 'local' | 'outpaint' | 'changes'
>;

/** A request that is done in time as far as that is known. */
export interface InTime<T> {
  readonly request: T & Pick<GenerationRequest, 'eased'>;
  /** What gave way, in words. */
  readonly words: readonly string[];
}

/**
 * A request with what has to give way for its `doneWithin`. One with changes on its way keeps its steps, which those are counted in.
 *
 * @param priceOf of any request like it
 */
export function easeRequest<T extends TimedRequest>(
  request: T,
  multiple: number,
  priceOf: (request: T) => Price,
): InTime<T> {
  const { doneWithin, mask, local, outpaint, changes = [] } = request;
  const kept: InTime<T> = { request, words: [] };
  if (doneWithin === undefined || changes.length > 0 || !priceOf(request).known) return kept;
  const mayShrink = !mask && local === undefined && outpaint === undefined;
  const eased = easeToDeadline(request, doneWithin, (candidate) => runSeconds(priceOf(candidate)), {
    mayShrink,
    multiple,
  });
  if (eased === null) return kept;
  return {
    request: { ...eased.request, doneWithin: undefined, eased: eased.eased },
    words: easedWords(eased.eased, eased.request),
  };
}
