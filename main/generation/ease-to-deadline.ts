import type { Eased, GenerationRequest } from '../../preload/contract/index.ts';

/** What of a request may give way. */
export type Easable = Pick<GenerationRequest, 'steps' | 'width' | 'height' | 'hires'>;

/** How far a request may give way. */
export interface EasingLimits {
  /** Whether the picture may be smaller: not where pixels of another are kept. */
  readonly mayShrink: boolean;
  /** Pixels that width and height are multiples of. */
  readonly multiple: number;
}

/** Fewest steps while size has not given way yet, as a share of those asked for, and however many were. */
const STEPS_BEFORE_SIZE = 0.6;
const FEWEST_STEPS = 6;
/** Shares of the edges that are tried, in their order. */
const SHRUNK = [0.875, 0.75, 0.625, 0.5];
const LEAST_EDGE = 64;

/**
 * Gives way by named steps until a picture is done in time: no second pass, then fewer steps, then a smaller picture, then
 * still fewer steps. Each is taken only as far as it is needed, and the next only where the one before did not do.
 *
 * @param within seconds; @param secondsOf what a request takes
 * @returns null where nothing has to give way; where nothing does, as little as there is.
 */
export function easeToDeadline<T extends Easable>(
  request: T,
  within: number,
  secondsOf: (request: T) => number,
  { mayShrink, multiple }: EasingLimits,
): { readonly request: T; readonly eased: Eased } | null {
  const fits = (candidate: T): boolean => secondsOf(candidate) <= within;
  if (fits(request)) return null;
  let now = request;
  const asked: Eased['asked'] = {};
  if (now.hires !== undefined) {
    const { width, height } = now;
    asked.hires = { width, height };
    now = { ...now, width: now.hires.width, height: now.hires.height, hires: undefined };
  }
  const fewest = Math.min(request.steps, FEWEST_STEPS);
  const before = Math.max(fewest, Math.round(request.steps * STEPS_BEFORE_SIZE));
  now = mostSteps(now, before, fits);
  if (mayShrink) {
    for (const share of SHRUNK) {
      if (fits(now)) break;
      now = shrunk(now, asked.hires === undefined ? request : (request.hires ?? request), share, multiple);
    }
  }
  // Smaller steps leave room for more of them than the fewest.
  if (!fits(now)) now = mostSteps(now, fewest, fits);
  const size = request.hires ?? request;
  if (now.steps !== request.steps) asked.steps = request.steps;
  if (now.width !== size.width || now.height !== size.height) {
    Object.assign(asked, { width: size.width, height: size.height });
  }
  return Object.keys(asked).length === 0 ? null : { request: now, eased: { within, asked } };
}

/** The most steps with which it fits, down to `fewest`, which is taken where none fits. */
function mostSteps<T extends Easable>(request: T, fewest: number, fits: (candidate: T) => boolean): T {
  for (let { steps } = request; steps > fewest; steps -= 1) {
    const candidate = { ...request, steps };
    if (fits(candidate)) return candidate;
  }
  return { ...request, steps: Math.min(fewest, request.steps) };
}

function shrunk<T extends Easable>(
  request: T,
  { width, height }: { readonly width: number; readonly height: number },
  share: number,
  multiple: number,
): T {
  const edge = (whole: number): number =>
    Math.max(Math.min(whole, LEAST_EDGE), Math.floor((whole * share) / multiple) * multiple);
  return { ...request, width: edge(width), height: edge(height) };
}
