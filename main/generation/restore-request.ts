import {
  type ChangeRequest,
  type GenerationRequest,
  type MissingPart,
  type Raster,
  type Recipe,
  StudioError,
} from '../../preload/contract/index.ts';
import { given } from './given.ts';
import type { InputStore } from './inputs/input-store.ts';

/** Parts that are files or folders of weights. */
export type FileKind = 'adapter' | 'controlnet' | 'embedding' | 'vae';

/** Finds files by their content. */
export interface FileFinder {
  /** The id of the model with that hash; null when the library has none. */
  readonly model: (sha256: string, name: string) => Promise<string | null>;
  /** The path of another file or folder of weights with that hash. */
  readonly file: (kind: FileKind, sha256: string, name: string) => Promise<string | null>;
}

/** A request that makes a recipe's picture again, or what it lacks. */
export type Restored =
  | { readonly request: GenerationRequest; readonly missing: null }
  | { readonly request: null; readonly missing: readonly MissingPart[] };

/** Finds everything that a recipe names by hash, and makes it a request again. */
export async function restoreRequest(
  recipe: Recipe,
  files: FileFinder,
  inputs: InputStore,
): Promise<Restored> {
  const missing: MissingPart[] = [];
  const found = async <T>(
    kind: MissingPart['kind'],
    part: { readonly sha256: string; readonly name: string },
    look: Promise<T | null>,
  ): Promise<T | undefined> => {
    const value = await look;
    if (value === null) missing.push({ kind, name: part.name, sha256: part.sha256 });
    return value ?? undefined;
  };
  const file = (kind: FileKind, part: { sha256: string; name: string }) =>
    found(kind, part, files.file(kind, part.sha256, part.name));
  const picture = (kind: MissingPart['kind'], sha256: string, name: string) =>
    found(kind, { sha256, name }, inputs.picture(sha256));
  const mask = (sha256: string): Promise<Raster | undefined> =>
    found('mask', { sha256, name: 'mask' }, inputs.mask(sha256));
  const adapters = async (named: Recipe['adapters']): Promise<GenerationRequest['adapters']> => {
    const list: GenerationRequest['adapters'] = [];
    for (const adapter of named) {
      const { sha256: _sha256, name: _name, region, ...settings } = adapter;
      const path = await file('adapter', adapter);
      const place = region === undefined ? undefined : await mask(region);
      if (path !== undefined) list.push({ path, ...settings, ...given({ region: place }) });
    }
    return list;
  };

  const modelId = await found('model', recipe.model, files.model(recipe.model.sha256, recipe.model.name));
  const init = recipe.init && (await picture('picture', recipe.init.sha256, 'picture to start from'));
  const controls: NonNullable<GenerationRequest['controls']> = [];
  for (const control of recipe.controls ?? []) {
    const { sha256: _sha256, name, picture: hash, ...settings } = control;
    const path = await file('controlnet', control);
    const raster = await picture('control picture', hash, `picture for ${name}`);
    if (path !== undefined && raster !== undefined) controls.push({ path, raster, ...settings });
  }
  const regions: NonNullable<GenerationRequest['regions']> = [];
  for (const { mask: hash, ...words } of recipe.regions ?? []) {
    const raster = await mask(hash);
    if (raster !== undefined) regions.push({ ...words, raster });
  }
  const embeddings: NonNullable<GenerationRequest['embeddings']> = [];
  for (const { sha256, word } of recipe.embeddings ?? []) {
    const path = await file('embedding', { sha256, name: word });
    if (path !== undefined) embeddings.push({ path, word });
  }
  const changes: ChangeRequest[] = [];
  for (const { adapters: named, mask: hash, within: part, ...change } of recipe.changes ?? []) {
    const own = named && (await adapters(named));
    const raster = hash === undefined ? undefined : await mask(hash);
    const within = part === undefined ? undefined : await mask(part);
    changes.push({ ...change, ...given({ adapters: own, mask: raster, within }) });
  }
  const request: GenerationRequest = {
    modelId: modelId ?? '',
    prompt: recipe.prompt,
    negative: recipe.negative,
    sampler: recipe.sampler,
    steps: recipe.steps,
    guidance: recipe.guidance,
    seed: recipe.seed,
    noise: recipe.noise,
    width: recipe.width,
    height: recipe.height,
    init: recipe.init && init ? { raster: init, strength: recipe.init.strength } : null,
    adapters: await adapters(recipe.adapters),
    ...given({
      mask: recipe.mask === undefined ? undefined : await mask(recipe.mask),
      clipSkip: recipe.clipSkip,
      guidanceRescale: recipe.guidanceRescale,
      guidanceInterval: recipe.guidanceInterval,
      vae: recipe.vae && (await file('vae', recipe.vae)),
      mix: recipe.mix,
      lineage: recipe.lineage,
      eased: recipe.eased,
      outpaint: recipe.outpaint,
      local: recipe.local && localOf(recipe.local),
      hires: recipe.hires,
      threads: recipe.threads,
      approximations: recipe.approximations,
    }),
    // Nothing but the form that it was computed in makes the same bits.
    precision: recipe.linear ?? recipe.precision,
    ...given({ outpaint: recipe.outpaint, hires: recipe.hires }),
    ...(regions.length > 0 ? { regions } : {}),
    ...(controls.length > 0 ? { controls } : {}),
    ...(embeddings.length > 0 ? { embeddings } : {}),
    ...(changes.length > 0 ? { changes } : {}),
  };
  return missing.length > 0 ? { request: null, missing } : { request, missing: null };
}

function localOf({ feather, colourMatch, ...crop }: NonNullable<Recipe['local']>) {
  return { feather, colourMatch, crop };
}

/** Says what a recipe lacks here. */
export function partsMissing(missing: readonly MissingPart[]): StudioError {
  const listed = missing.map(({ kind, name, sha256 }) => `${kind} "${name}" (sha256 ${sha256})`).join('; ');
  return new StudioError(
    'generation/parts-missing',
    `This picture cannot be made again here: ${listed} ${missing.length === 1 ? 'is' : 'are'} missing.`,
    'Open the file or add its folder to the library, then try again.',
  );
}
