import { create } from 'zustand';
import type { Rect } from '../engine/geometry/rect.ts';
import { workingSize } from './frame.ts';
import type { VerbKind } from './verb.ts';
import type {
  ModelCard,
  PrecisionChoice,
  RequestResult,
  ResultSummary,
} from '../../preload/contract/index.ts';

/** What the Generate panel and the prompt bar hold; survives a restart. */
export interface GenerationForm {
  modelId: string;
  prompt: string;
  negative: string;
  seed: number;
  /** True: the same seed every time. False: a new one for each picture. */
  seedLocked: boolean;
  steps: number;
  guidance: number;
  sampler: string;
  width: number;
  height: number;
  /** How much of what is in the frame is made anew, 0 … 1; 1 ignores it. */
  strength: number;
  /** How many times as large as its first pass a picture is; 1 is one pass. */
  enlarge: number;
  /** What the second pass makes anew, 0 … 1. */
  enlargeStrength: number;
  /** Pictures a press. */
  count: number;
  /** How the model is computed. */
  precision: PrecisionChoice;
  /** How the seed draws its noise; left out: as on a graphics card. */
  noise?: 'philox' | 'torch-cpu';
  /** Evaluations are forecast while little changes; left out: every one is made. */
  approximate?: boolean;
  /** A picture begins as one of nearly the same prompt and the same seed began, where that is kept; left out: none does. */
  nearPrompts?: boolean;
  /** Seconds that a picture is to be done within; left out: as long as it takes. */
  doneWithin?: number | undefined;
}

/** A job that this page started or found running. */
export interface JobView {
  readonly jobId: string;
  readonly verb: string;
  readonly state: 'queued' | 'running' | 'cancelling';
  readonly stage: string;
  readonly step: number;
  readonly steps: number;
  readonly secondsLeft: number | null;
  readonly cause: string | null;
}

/** A thumb of the strip: a picture that waits, or a job that ended without one. */
export type StripItem =
  | { readonly kind: 'result'; readonly id: string; readonly summary: ResultSummary }
  | {
      readonly kind: 'ended';
      readonly id: string;
      readonly state: 'cancelled' | 'failed';
      readonly step: number;
      readonly message: string;
      readonly remedy: string;
    };

type Price = RequestResult<'generation.price'>;
export type TokenReport = RequestResult<'models.tokens'>;

/** Everything about making pictures but the pixels. */
export interface GenerationState {
  models: readonly ModelCard[];
  form: GenerationForm;
  /** The rectangle that is generated, in document pixels; null while it follows the canvas by itself. */
  frame: Rect | null;
  price: Price | null;
  tokens: TokenReport | null;
  /** False: nothing but flat colour is in the frame. */
  frameHasPixels: boolean;
  /** Bounds of what is selected, in document pixels; null when nothing in particular is. */
  selection: Rect | null;
  /** Blank paper lies beside a picture in the frame. */
  blankBeside: boolean;
  /** A verb that was chosen in place of the one that the canvas says; null follows the canvas. */
  forcedVerb: VerbKind | null;
  jobs: readonly JobView[];
  /** Presses of the button that the studio has not answered yet. */
  asking: number;
  strip: readonly StripItem[];
  chosenId: string | null;
  stripOpen: boolean;
  /** A result came that did not replace the view. */
  unseen: number;
  /** True while a preview of a running job is drawn over the picture. */
  previewShown: boolean;
  error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
  recentPrompts: readonly string[];
  gallery: readonly ResultSummary[];
}

/** Largest number of pictures a press. */
export const MAX_COUNT = 8;

/** State of generation for the panels. */
export const useGeneration = create<GenerationState>()(() => ({
  models: [],
  form: {
    modelId: '',
    prompt: '',
    negative: '',
    seed: 1,
    seedLocked: false,
    steps: 20,
    guidance: 5,
    sampler: '',
    width: 256,
    height: 256,
    strength: 1,
    enlarge: 1,
    enlargeStrength: 0.35,
    count: 1,
    precision: 'auto',
  },
  frame: null,
  price: null,
  tokens: null,
  frameHasPixels: false,
  selection: null,
  blankBeside: false,
  forcedVerb: null,
  jobs: [],
  asking: 0,
  strip: [],
  chosenId: null,
  stripOpen: true,
  unseen: 0,
  previewShown: false,
  error: null,
  recentPrompts: [],
  gallery: [],
}));

/** Changes what the form holds. */
export function changeForm(change: Partial<GenerationForm>): void {
  useGeneration.setState((state) => ({ form: { ...state.form, ...change } }));
}

/** How many prompts are remembered. */
const RECENT_PROMPTS = 50;

/** Remembers a prompt as the last one that was used. */
export function notePrompt(prompt: string): void {
  if (prompt.trim() === '') return;
  useGeneration.setState(({ recentPrompts }) => ({
    recentPrompts: [prompt, ...recentPrompts.filter((each) => each !== prompt)].slice(0, RECENT_PROMPTS),
  }));
}

/** Sets the frame by hand, or gives it back to the studio; the working size follows. */
export function setFrame(frame: Rect | null): void {
  useGeneration.setState((state) => {
    const model = currentModel(state);
    const size = frame && model ? workingSize(frame, model) : {};
    return { frame, form: { ...state.form, ...size } };
  });
}

/** The chosen model's card, or undefined before the list has come. */
export function currentModel(state: GenerationState): ModelCard | undefined {
  return state.models.find((model) => model.id === state.form.modelId);
}

/** The result that is looked at, or undefined. */
export function chosenResult(state: GenerationState): ResultSummary | undefined {
  const item = state.strip.find((each) => each.id === state.chosenId);
  return item?.kind === 'result' ? item.summary : undefined;
}

/** Whether a job is the first of those that run: of several side by side, one is shown and spoken of. */
export function leads(jobId: string): boolean {
  return useGeneration.getState().jobs.find(({ state }) => state === 'running')?.jobId === jobId;
}
