import type { GenerationRequest, RequestParams } from '../../preload/contract/index.ts';
import type { GuideLayer, WordGroup } from './canvas-facts.ts';
import type { GenerationForm } from './generation-store.ts';
import { activeAdapters, useShelf } from './shelf-store.ts';

/** Change of the denoiser's input below which its output is forecast: quicker by half at about 39 dB. */
const APPROXIMATE = 0.1;

/** Bits of 64 in which prompts that count as nearly equal differ: a word or two of a sentence. */
const NEAR_BITS = 12;

/** The form as the studio wants it, without pixels. */
export function baseRequest(form: GenerationForm, seed: number): Omit<GenerationRequest, 'init'> {
  return {
    modelId: form.modelId,
    prompt: form.prompt,
    negative: form.negative,
    sampler: form.sampler,
    steps: form.steps,
    guidance: form.guidance,
    seed,
    noise: form.noise ?? 'philox',
    width: form.width,
    height: form.height,
    precision: form.precision,
    adapters: activeAdapters(useShelf.getState()),
    ...(form.doneWithin === undefined ? {} : { doneWithin: form.doneWithin }),
    ...approximationsOf(form),
  };
}

function approximationsOf({
  approximate = false,
  nearPrompts = false,
}: GenerationForm): Pick<GenerationRequest, 'approximations'> {
  if (!approximate && !nearPrompts) return {};
  return {
    approximations: {
      ...(approximate ? { outputs: APPROXIMATE } : {}),
      ...(nearPrompts ? { prompts: { bits: NEAR_BITS } } : {}),
    },
  };
}

/** The size of two passes: the form's is the first's. Nothing where there is one. */
export function enlarged(
  { enlarge, enlargeStrength: strength, width, height }: GenerationForm,
  multiple: number,
): Pick<GenerationRequest, 'width' | 'height' | 'hires'> | Record<string, never> {
  if (enlarge <= 1) return {};
  const large = (edge: number): number => Math.min(4096, Math.round((edge * enlarge) / multiple) * multiple);
  return { width: large(width), height: large(height), hires: { width, height, strength } };
}

/** What decides a price besides the form. */
export interface Priced {
  /** Null when nothing in the frame is followed. */
  readonly strength: number | null;
  /** The size that is worked at. */
  readonly width: number;
  readonly height: number;
  readonly guides: readonly GuideLayer[];
  readonly groups: readonly WordGroup[];
  /** Two passes, if there are. */
  readonly hires: GenerationRequest['hires'];
  /** Whether pixels of the picture are kept, so that its size stands. */
  readonly masked: boolean;
}

/** What the button asks for its price. */
export function buildPriceRequest(
  form: GenerationForm,
  { strength, width, height, guides, groups, hires, masked }: Priced,
): RequestParams<'generation.price'> {
  const words = groups.filter((group) => group.words.prompt.trim() !== '');
  return {
    ...baseRequest(form, nextSeed(form)),
    strength,
    width,
    height,
    hires,
    ...(masked ? { local: {} } : {}),
    controls: guides.map(({ guide }) => ({ strength: guide.strength, start: guide.start, end: guide.end })),
    regions: words.map((group) => ({ prompt: group.words.prompt, weight: group.words.weight })),
  };
}

/** A fresh seed: 32 random bits, short enough to read out. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** The seed that the next picture gets: the one that is set where it is locked, else one that was never drawn. */
export function nextSeed({ seed, seedLocked }: Pick<GenerationForm, 'seed' | 'seedLocked'>): number {
  return seedLocked ? seed : randomSeed();
}
