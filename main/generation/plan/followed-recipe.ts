/** What may come in on the way of a run, as far as it follows another. */
interface Change {
  readonly step: number;
  readonly within?: unknown;
}

/**
 * The run that another one follows outside the last mask that came in on its way: the same without that change and those
 * after it.
 *
 * @returns null where nothing is followed; `step` is that of the change.
 */
export function followedRecipe<T extends { readonly changes?: readonly Change[] | undefined }>(
  run: T,
): { readonly recipe: T; readonly index: number; readonly step: number } | null {
  const changes = run.changes ?? [];
  const index = changes.findLastIndex(({ within }) => within !== undefined);
  const change = changes[index];
  if (change === undefined) return null;
  const { changes: _changes, ...plain } = run;
  const earlier = changes.slice(0, index);
  // As a recipe without changes is written: equal runs have equal names.
  const recipe = (earlier.length > 0 ? { ...plain, changes: earlier } : plain) as T;
  return { recipe, index, step: change.step };
}
