import type { ResultSummary } from '../../preload/contract/index.ts';

/**
 * Results newest first, as the studio read them, with those that came by themselves while it did: an answer may have been
 * made before they were, and arrive after them.
 *
 * @param before what was known when it was asked
 * @param now what is known as the answer arrives
 */
export function mergeResults(
  read: readonly ResultSummary[],
  before: readonly ResultSummary[],
  now: readonly ResultSummary[],
): readonly ResultSummary[] {
  const old = new Set([...read, ...before].map(({ resultId }) => resultId));
  return [...now.filter(({ resultId }) => !old.has(resultId)), ...read];
}
