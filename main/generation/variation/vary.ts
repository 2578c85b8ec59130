import { createHash } from 'node:crypto';
import {
  type Ancestor,
  type ChangeRequest,
  type GenerationRequest,
  MAX_SEED,
  type Recipe,
  StudioError,
  type Variation,
} from '../../../preload/contract/index.ts';
import { canonicalHash } from '../canonical-json.ts';
import { given } from '../given.ts';

/** Where a variation begins: a picture that can be made again. */
export interface Parent {
  readonly recipe: Recipe;
  readonly request: GenerationRequest;
  /** SHA-256 of its RGBA pixels. */
  readonly picture: string;
  /** Steps that its run has. */
  readonly steps: number;
}

/** A recipe's name without its lineage, by which descendants know it. */
export function recipeName({ lineage: _lineage, ...recipe }: Recipe): string {
  return canonicalHash(recipe);
}

/** SHA-256 of RGBA pixels, as recipes name pictures. */
export function pictureHash(rgba: Uint8Array): string {
  return createHash('sha256').update(rgba).digest('hex');
}

/** The step that a fork is asked for at; never the last, after which there is nothing to differ in. */
export function forkStep(at: Variation['at'], steps: number): number {
  if ('share' in at) return Math.min(steps - 1, Math.round(at.share * steps));
  if (at.step < steps) return at.step;
  throw new StudioError(
    'generation/no-step-left',
    `The picture has ${steps} steps, so nothing can differ from step ${at.step} on. Nothing was started.`,
    `Choose a step from 0 to ${steps - 1}.`,
  );
}

/**
 * The requests of a variation: the parent's, cut at the step where it differs. What the parent itself changed before
 * that step stays; what it changed later is left out, but for what was set by then.
 *
 * @throws StudioError `generation/no-step-left`
 */
export function varyRequests(parent: Parent, variation: Variation): GenerationRequest[] {
  const { resultId: _resultId, at, count = 1, lane, documentId, noise, ...fields } = variation;
  const step = forkStep(at, parent.steps);
  const earlier = changesBefore(parent.request, step);
  const lineage: Ancestor = {
    how: 'fork',
    recipe: recipeName(parent.recipe),
    picture: parent.picture,
    step,
  };
  return Array.from({ length: count }, (_, i) => {
    const fresh = noise && { ...noise, seed: (noise.seed + i) % (MAX_SEED + 1) };
    const change: ChangeRequest = { step, ...given({ ...fields, noise: fresh }) };
    return {
      ...parent.request,
      eased: undefined,
      changes: [...earlier, change],
      lineage: [lineage],
      ...given({ lane, documentId }),
    };
  });
}

/** What a picture changed by a step. Of one that began as another prompt's, the prompt that it was to have comes with it. */
function changesBefore(
  { changes = [], approximations }: GenerationRequest,
  step: number,
): readonly ChangeRequest[] {
  const [first, ...rest] = changes;
  if (first === undefined || approximations?.prompts?.begunAs === undefined || first.step <= step)
    return changes.filter((change) => change.step <= step);
  return [{ ...first, step }, ...rest.filter((change) => change.step <= step)];
}

/** What a mix takes from its two pictures. */
export interface MixChoice {
  /** 0 is the first, 1 the second. */
  readonly share: number;
  readonly noise: boolean;
  readonly prompt: boolean;
}

/**
 * A picture between two: the noise of the first turned towards that of the second, its prompt's encoding on the way to
 * the other's. Everything else is the first one's.
 *
 * @throws StudioError `generation/cannot-mix` for pictures whose noise has different shapes or kinds.
 */
export function mixRequest(from: Parent, to: Parent, { share, noise, prompt }: MixChoice): GenerationRequest {
  const [a, b] = [from.recipe, to.recipe];
  if (noise && (a.width !== b.width || a.height !== b.height || a.noise !== b.noise)) {
    throw new StudioError(
      'generation/cannot-mix',
      `Their noise cannot be mixed: ${a.width} × ${a.height} px (${a.noise}) and ${b.width} × ${b.height} px (${b.noise}). Nothing was started.`,
      'Choose two pictures of one size, or mix their prompts only.',
    );
  }
  const turn: ChangeRequest[] =
    noise && a.seed !== b.seed ? [{ step: 0, noise: { seed: b.seed, theta: 90 * share } }] : [];
  const changes = [...turn, ...(from.request.changes ?? [])];
  const ancestors = [from, to].map((parent) => ({
    how: 'mix' as const,
    recipe: recipeName(parent.recipe),
    picture: parent.picture,
  }));
  return {
    ...from.request,
    lineage: ancestors,
    ...(changes.length > 0 ? { changes } : {}),
    ...(prompt && a.prompt !== b.prompt ? { mix: { prompt: b.prompt, share } } : {}),
  };
}
