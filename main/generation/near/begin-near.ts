import type { GenerationRequest, Plan } from '../../../preload/contract/index.ts';
import type { NearPrompt } from './prompt-index.ts';

/** Share of the steps that is taken of a run whose prompt has the same hash: by then a picture's plan stands. */
const MOST_TAKEN = 0.4;
/** Bits of difference at which nothing would be taken. */
const NOTHING_AT = 20;
/** Prompts that are looked at, nearest first. */
const MOST_LOOKED_AT = 8;

/** What looking for a beginning needs. */
export interface NearSearch {
  /** Prompts of pictures that were made here, nearest first. */
  readonly find: (prompt: string, within: number) => readonly NearPrompt[];
  /** The plan of a request, without anything that is approximate. */
  readonly plan: (request: GenerationRequest) => Promise<Pick<Plan, 'stages'>>;
}

/**
 * A request begun as a picture of nearly the same prompt began, where that asks for it and the beginning is kept: the first
 * steps are that picture's own, the rest has the prompt that was asked for (Agarwal et al. 2024, "Approximate Caching for
 * Efficiently Serving Text-to-Image Diffusion Models", NSDI; as there, nearer prompts give more steps). Everything else, the
 * seed too, has to be the same. Its own beginning is taken before another's, as that is exact.
 *
 * @returns the request without the wish where nothing near is kept
 */
export async function beginNear(request: GenerationRequest, search: NearSearch): Promise<GenerationRequest> {
  const { approximations, ...exact } = request;
  const { prompts, ...others } = approximations ?? {};
  if (prompts === undefined || prompts.begunAs !== undefined) return request;
  const plain: GenerationRequest =
    Object.keys(others).length === 0 ? exact : { ...exact, approximations: others };
  if ((request.changes ?? []).length > 0 || request.mix !== undefined) return plain;
  /** A step of a run that comes before the details do, whether its state is kept, and whether the whole picture is. */
  const beginning = async (
    candidate: GenerationRequest,
    bits: number,
  ): Promise<{ step: number; kept: boolean; whole: boolean }> => {
    const { stages } = await search.plan(candidate);
    const steps = stages.filter(({ kind }) => kind === 'denoise');
    const step = Math.round(steps.length * MOST_TAKEN * (1 - bits / NOTHING_AT));
    const state = steps[step - 1];
    return {
      step,
      kept: state !== undefined && state.cached !== null,
      whole: stages.every(({ runs }) => !runs),
    };
  };
  const own = await beginning(plain, 0);
  if (own.kept || own.whole) return plain;
  const near = search.find(request.prompt, prompts.bits).filter(({ prompt }) => prompt !== request.prompt);
  for (const { prompt, distance } of near.slice(0, MOST_LOOKED_AT)) {
    const { step, kept } = await beginning({ ...plain, prompt }, distance);
    if (!kept) continue;
    return {
      ...plain,
      prompt,
      changes: [{ step, prompt: request.prompt }],
      approximations: { ...others, prompts: { bits: distance, begunAs: prompt } },
    };
  }
  return plain;
}

/** The request of the picture that an approximate one stands for. */
export function exactRequest({ approximations, ...request }: GenerationRequest): GenerationRequest {
  if (approximations?.prompts?.begunAs === undefined) return request;
  const [begun, ...changes] = request.changes ?? [];
  return {
    ...request,
    prompt: begun?.prompt ?? request.prompt,
    changes: changes.length > 0 ? changes : undefined,
  };
}
