import { mapped } from '../../native-models/text/mapped-text.ts';
import { takeTags } from '../../native-models/text/prompt-tags.ts';
import { type GenerationRequest, type RecipeChange, StudioError } from '../../preload/contract/index.ts';
import type { JobChange, Mask } from '../inference/protocol.ts';
import type { LibraryModel, ModelLibrary } from '../models/model-library.ts';
import { chooseAdapters, type RequestNotice } from './choose-adapters.ts';
import { given } from './given.ts';
import type { InputStore } from './inputs/input-store.ts';
import type { Rect } from './local-edit/choose-crop.ts';
import { cutCoverage, growTo } from './local-edit/coverage.ts';
import { keepPlaces, nameAdapters } from './name-adapters.ts';
import { prepareMask } from './prepare-mask.ts';

type HashFile = (path: string) => Promise<string>;

/** The changes of a request as the worker takes them, and as the recipe names them. */
export interface ResolvedChanges {
  readonly job: readonly JobChange[];
  /** Where the last change that stays within a mask may act; null where none does. */
  readonly within: ChangedPart | null;
  readonly notices: readonly RequestNotice[];
  /** @throws StudioError `models/file-missing` */
  readonly recipe: (hashFile: HashFile) => Promise<RecipeChange[]>;
}

/** A part of a picture outside of which a run follows another. */
export interface ChangedPart {
  /** As the denoiser sees it, of the size that is worked at. */
  readonly own: Mask;
  /** Of the finished picture. */
  readonly coverage: Mask;
}

/** The finished picture's size, and the part of it that is worked on where that is not all of it. */
export interface ChangedPlace {
  readonly width: number;
  readonly height: number;
  readonly part: Rect | null;
}

/**
 * Reads and checks what differs on the way of a run.
 *
 * @throws StudioError `generation/changes-out-of-order`, `generation/mask-…`; ModelError for a file that is no adapter
 */
export async function resolveChanges(
  request: GenerationRequest,
  model: LibraryModel,
  library: Pick<ModelLibrary, 'fitAdapter' | 'findAdapter'>,
  inputs: InputStore,
  place: ChangedPlace,
): Promise<ResolvedChanges> {
  checkWithin(request);
  const notices: RequestNotice[] = [];
  const resolved: { job: JobChange; recipe: (hashFile: HashFile) => Promise<RecipeChange> }[] = [];
  let listed = request.adapters;
  let { prompt } = request;
  let last = 0;
  let within: ChangedPart | null = null;
  for (const change of request.changes ?? []) {
    if (change.step < last) throw outOfOrder(change.step, last);
    last = change.step;
    prompt = change.prompt ?? prompt;
    listed = change.adapters ?? listed;
    const calls = change.prompt !== undefined && takeTags(mapped(change.prompt)).loras.length > 0;
    const chosen =
      change.adapters || calls
        ? await chooseAdapters({ ...request, prompt, adapters: listed }, model, library)
        : undefined;
    notices.push(...(chosen?.notices ?? []));
    if (change.mask && !request.mask) throw maskOutOfNothing();
    const mask = change.mask && (await prepareMask(change.mask, request.width, request.height));
    if (mask) await inputs.keepMask(mask.mask, mask.sha256);
    const own = change.within && (await prepareMask(change.within, place.width, place.height));
    if (own) {
      await inputs.keepMask(own.mask, own.sha256);
      within = { own: workedOn(own.mask, request, place.part), coverage: own.mask };
    }
    const plain = given({
      noise: change.noise,
      prompt: change.prompt,
      negative: change.negative,
      guidance: change.guidance,
      steps: change.steps,
    });
    const adapters = chosen?.adapters;
    if (adapters) await keepPlaces(adapters, inputs);
    resolved.push({
      job: { step: change.step, ...plain, ...given({ adapters, mask: mask?.mask }) },
      async recipe(hashFile) {
        const named = adapters && (await nameAdapters(adapters, hashFile));
        return {
          step: change.step,
          ...plain,
          ...given({ adapters: named, mask: mask?.sha256, within: own?.sha256 }),
        };
      },
    });
  }
  return {
    job: resolved.map(({ job }) => job),
    within,
    notices,
    recipe: (hashFile) => Promise.all(resolved.map(({ recipe }) => recipe(hashFile))),
  };
}

/** A mask of the picture on the part of it that is worked on, at the size of that. */
function workedOn(mask: Mask, { width, height }: GenerationRequest, part: Rect | null): Mask {
  return part === null ? mask : growTo(cutCoverage(mask, part), width, height, 0);
}

/** What is followed has to be there, at the same steps. */
function checkWithin({ changes = [], approximations }: GenerationRequest): void {
  const first = changes.findIndex(({ within }) => within !== undefined);
  if (first < 0) return;
  if (changes.slice(first).some(({ steps }) => steps !== undefined)) {
    throw new StudioError(
      'generation/within-other-steps',
      'A change that stays within a mask follows the picture step by step elsewhere, so the steps cannot be others from there on. Nothing was started.',
      'Leave the steps as they are, or let the change act everywhere.',
    );
  }
  if (approximations?.outputs !== undefined) {
    throw new StudioError(
      'generation/within-approximate',
      'Steps of this picture were forecast, so there is nothing exact to follow outside the mask. Nothing was started.',
      'Make the exact picture first and vary that one.',
    );
  }
}

function outOfOrder(step: number, last: number): StudioError {
  return new StudioError(
    'generation/changes-out-of-order',
    `A change at step ${step} comes after one at step ${last}. Nothing was started.`,
    'Put changes in the order of their steps.',
  );
}

function maskOutOfNothing(): StudioError {
  return new StudioError(
    'generation/mask-without-picture',
    'A mask comes in on the way of a picture that had none. Nothing was started.',
    'To change only a part of it, give that part as what it stays within; or use the picture as one to start from, with the mask.',
  );
}
