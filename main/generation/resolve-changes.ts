import { mapped } from '../../native-models/text/mapped-text.ts';
import { takeTags } from '../../native-models/text/prompt-tags.ts';
import { type GenerationRequest, type RecipeChange, StudioError } from '../../preload/contract/index.ts';
import type { JobChange } from '../inference/protocol.ts';
import type { LibraryModel, ModelLibrary } from '../models/model-library.ts';
import { chooseAdapters, type RequestNotice } from './choose-adapters.ts';
import { given } from './given.ts';
import type { InputStore } from './inputs/input-store.ts';
import { keepPlaces, nameAdapters } from './name-adapters.ts';
import { prepareMask } from './prepare-mask.ts';

type HashFile = (path: string) => Promise<string>;

/** The changes of a request as the worker takes them, and as the recipe names them. */
export interface ResolvedChanges {
  readonly job: readonly JobChange[];
  readonly notices: readonly RequestNotice[];
  /** @throws StudioError `models/file-missing` */
  readonly recipe: (hashFile: HashFile) => Promise<RecipeChange[]>;
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
): Promise<ResolvedChanges> {
  const notices: RequestNotice[] = [];
  const resolved: { job: JobChange; recipe: (hashFile: HashFile) => Promise<RecipeChange> }[] = [];
  let listed = request.adapters;
  let { prompt } = request;
  let last = 0;
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
        return { step: change.step, ...plain, ...given({ adapters: named, mask: mask?.sha256 }) };
      },
    });
  }
  return {
    job: resolved.map(({ job }) => job),
    notices,
    recipe: (hashFile) => Promise.all(resolved.map(({ recipe }) => recipe(hashFile))),
  };
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
    'Use the picture as one to start from, with the mask, and a strength for how much may change.',
  );
}
