/** A change on the way of a run, as far as the run goes on with it: a turn of the noise and another schedule are its step's. */
interface LastingChange {
  readonly step: number;
  readonly prompt?: unknown;
  readonly negative?: unknown;
  readonly guidance?: unknown;
  readonly adapters?: unknown;
  readonly mask?: unknown;
  readonly within?: unknown;
  readonly follow?: unknown;
}

interface ChangingRun {
  readonly changes?: readonly LastingChange[] | undefined;
}

const LASTING = ['prompt', 'negative', 'guidance', 'adapters', 'mask', 'follow'] as const;

/**
 * The two passes of a run whose changes count the steps of both: each pass has those that take effect in it, and the second
 * begins with what the first ended with.
 *
 * @param firstSteps of the first pass
 */
export function splitPasses<T extends ChangingRun>(run: T, firstSteps: number): { first: T; second: T } {
  const { changes, ...plain } = run;
  if (changes === undefined) return { first: run, second: run };
  const early = changes.filter(({ step }) => step < firstSteps);
  const late = changes
    .filter(({ step }) => step >= firstSteps)
    .map((change) => ({ ...change, step: change.step - firstSteps }));
  const lasting = early.map((change) =>
    Object.fromEntries(LASTING.flatMap((part) => (change[part] === undefined ? [] : [[part, change[part]]]))),
  );
  const pass = (own: object, list: readonly unknown[]): T =>
    ({ ...plain, ...own, ...(list.length > 0 ? { changes: list } : {}) }) as T;
  return { first: pass({}, early), second: pass(Object.assign({}, ...lasting) as object, late) };
}
