import type { GenerationCache } from '../cache/generation-cache.ts';
import type { DenoiseState } from '../../inference/protocol.ts';
import { nameReuse } from '../cache/reuse.ts';
import type { ResolvedRequest } from '../resolve-request.ts';

/**
 * Models below this many bytes on disk keep no processor busy with the two rows of one picture. A larger one gains little
 * by more rows, and asks for memory that it may not have.
 */
const SMALL_MODEL = 200 * 2 ** 20;

/**
 * Names the jobs that may run side by side, because they run the same network at the same size and nothing else that could
 * differ: no adapters, no ControlNets, no words for parts, no second pass. Undefined for a job that runs by itself.
 */
export function companyOf({ model, job, check, follow }: ResolvedRequest): string | undefined {
  const { adapters, controls, regions, hires, reuseOutputs, changes } = job;
  const alone =
    model.card.bytes > SMALL_MODEL ||
    check !== null ||
    follow !== null ||
    adapters.length > 0 ||
    (controls ?? []).length > 0 ||
    (regions ?? []).length > 0 ||
    hires !== undefined ||
    reuseOutputs !== undefined ||
    (changes ?? []).some((change) => (change.adapters ?? []).length > 0);
  if (alone) return undefined;
  return JSON.stringify([job.model.path, job.width, job.height, job.compute]);
}

/** A job, and where it stood when it gave way. */
interface Begun {
  readonly resolved: ResolvedRequest;
  readonly state: DenoiseState | null;
}

/**
 * Whether a job that waits until another has ended has less to do: one begins as the other does, and what they have in
 * common is not there yet.
 *
 * @param cache what the waiting job may take from
 */
export async function gainsByWaiting(
  { resolved, state }: Begun,
  other: Begun,
  cache: GenerationCache | undefined,
): Promise<boolean> {
  if (cache === undefined) return false;
  const [own, its] = await Promise.all([nameReuse(cache, resolved), nameReuse(cache, other.resolved)]);
  // Without a name nothing of a run is kept.
  if (own === null || its === null) return false;
  const common = own.states.findLastIndex((key, step) => key === its.states[step]);
  const there = own.states.findLastIndex((key) => cache.stages.where(key) !== null);
  return common > Math.max(0, there, state?.step ?? 0);
}
