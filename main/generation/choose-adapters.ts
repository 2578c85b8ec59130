import { basename, extname } from 'node:path';
import { mapped } from '../../native-models/text/mapped-text.ts';
import { type LoraTag, takeTags } from '../../native-models/text/prompt-tags.ts';
import type { GenerationRequest } from '../../preload/contract/index.ts';
import type { AdapterChoice } from '../inference/protocol.ts';
import type { LibraryModel, ModelLibrary } from '../models/model-library.ts';
import { given } from './given.ts';
import { prepareRegion } from './prepare-mask.ts';

/** Strengths that a recipe holds. */
const MOST_STRENGTH = 10;

/** Something that a person should know of a request before it runs. */
export interface RequestNotice {
  readonly message: string;
  readonly remedy: string;
}

/** The adapters that a request comes down to. */
export interface ChosenAdapters {
  readonly adapters: readonly AdapterChoice[];
  readonly notices: readonly RequestNotice[];
}

/**
 * Brings together the adapters that a request lists and those that its prompt calls by `<lora:name:0.8>`, which are
 * looked up in the library; one that a region's words call acts in that region. One that cannot change this model is left
 * out and told of: the picture then equals the one without it.
 *
 * @throws ModelError for a listed file that is no adapter; StudioError `generation/region-empty`
 */
export async function chooseAdapters(
  request: Pick<GenerationRequest, 'prompt' | 'adapters' | 'regions' | 'width' | 'height'>,
  model: LibraryModel,
  library: Pick<ModelLibrary, 'fitAdapter' | 'findAdapter'>,
): Promise<ChosenAdapters> {
  const notices: RequestNotice[] = [];
  const asked: AdapterChoice[] = [];
  for (const { region, path, strength, ...rest } of request.adapters) {
    const place = region && (await prepareRegion(region, request.width, request.height, basename(path)));
    asked.push({ path, strength, ...given({ ...rest, region: place?.mask }) });
  }
  for (const tag of takeTags(mapped(request.prompt)).loras) {
    // Listed already: the list is what a person set last.
    if (asked.some(({ path }) => sameName(path, tag.name))) continue;
    const found = find(tag, library);
    if ('message' in found) notices.push(found);
    else asked.push(found);
  }
  asked.push(...(await calledInRegions(request, library, notices)));
  const adapters: AdapterChoice[] = [];
  for (const adapter of asked) {
    const { fits, notice } = await library.fitAdapter(model, adapter.path);
    if (fits) adapters.push(adapter);
    if (notice !== null) notices.push(notice);
  }
  return { adapters, notices };
}

/** Adapters that the words of regions call: each acts in its region only. */
async function calledInRegions(
  {
    regions = [],
    adapters,
    width,
    height,
  }: Pick<GenerationRequest, 'regions' | 'adapters' | 'width' | 'height'>,
  library: Pick<ModelLibrary, 'findAdapter'>,
  notices: RequestNotice[],
): Promise<AdapterChoice[]> {
  const called: AdapterChoice[] = [];
  for (const { prompt, raster } of regions) {
    for (const tag of takeTags(mapped(prompt)).loras) {
      if (adapters.some(({ path }) => sameName(path, tag.name))) continue;
      const found = find(tag, library);
      if ('message' in found) notices.push(found);
      else {
        const { mask } = await prepareRegion(raster, width, height, `"${prompt.slice(0, 60)}"`);
        called.push({ ...found, region: mask });
      }
    }
  }
  return called;
}

function find(tag: LoraTag, library: Pick<ModelLibrary, 'findAdapter'>): AdapterChoice | RequestNotice {
  const { name, unetStrength, textStrength } = tag;
  const shown = `<lora:${name.slice(0, 60)}>`;
  if (Math.max(Math.abs(unetStrength), Math.abs(textStrength)) > MOST_STRENGTH) {
    const message = `${shown} asks for a strength beyond ±${MOST_STRENGTH} and is left out.`;
    return { message, remedy: 'Write a smaller one.' };
  }
  const path = library.findAdapter(name);
  if (path === null) {
    return {
      message: `${shown} is not in the library and is left out.`,
      remedy: 'Add its folder to the library, or choose its file.',
    };
  }
  return textStrength === unetStrength
    ? { path, strength: unetStrength }
    : { path, strength: unetStrength, textStrength };
}

function sameName(path: string, name: string): boolean {
  return basename(path, extname(path)).toLowerCase() === name.toLowerCase();
}
