import {
  type FoundSettings,
  MAX_SEED,
  type ModelCard,
  type UsableSettings,
} from '../../preload/contract/index.ts';
import { stem } from './settings-draft.ts';

const LEAST_EDGE = 64;
const MOST_EDGE = 4096;
const MOST_STEPS = 1000;
const MOST_GUIDANCE = 100;
const MOST_CLIP_SKIP = 12;
const MOST_PROMPT = 20_000;

/**
 * What to ask for to make a picture as a file says that it was made.
 *
 * @param models those that are here
 * @returns settings that a request takes, and a sentence for each that it does not.
 */
export function usableSettings(found: FoundSettings, models: readonly ModelCard[]): UsableSettings {
  const notices: string[] = [];
  const model = findModel(found, models);
  if (model === null && found.model !== null) {
    notices.push(
      `The model "${found.model.name || found.model.hash}" is not in the library; the chosen one stays.`,
    );
  }
  if (found.sampler !== null && found.sampler.id === null) {
    notices.push(`There is no sampler "${found.sampler.written}" here.`);
  }
  const multiple = model?.sizeMultiple ?? 8;
  const within = (what: string, value: number | null, least: number, most: number): number | null => {
    if (value === null || (value >= least && value <= most)) return value;
    notices.push(`${what} ${value} is outside ${least} … ${most} and is left as it is.`);
    return null;
  };
  const edge = (what: string, value: number | null): number | null => {
    const kept = within(what, value, LEAST_EDGE, MOST_EDGE);
    if (kept === null || kept % multiple === 0) return kept;
    const near = Math.max(multiple, Math.round(kept / multiple) * multiple);
    notices.push(`${what} ${kept} becomes ${near}, a multiple of ${multiple}.`);
    return near;
  };
  if (found.unknown.some(({ name }) => name.toLowerCase() === 'seed')) {
    notices.push('The seed is larger than 2^53 and cannot be used.');
  }
  for (const control of found.controls) {
    notices.push(`The ControlNet "${control.name}" needs its own picture: give it again.`);
  }
  if (found.hires !== null) notices.push('It was made in two passes; these settings are those of the first.');
  if (found.strength !== null && found.hires === null) {
    notices.push(`It was made from another picture at strength ${found.strength}: give that picture again.`);
  }
  return {
    modelId: model?.id ?? null,
    prompt: withAdapters(found).slice(0, MOST_PROMPT),
    negative: found.negative.slice(0, MOST_PROMPT),
    sampler: found.sampler?.id ?? null,
    steps: within('Steps', found.steps, 1, MOST_STEPS),
    guidance: within('Guidance', found.guidance, 0, MOST_GUIDANCE),
    seed: within('Seed', found.seed, 0, MAX_SEED),
    noise: found.noise,
    width: edge('Width', found.width),
    height: edge('Height', found.height),
    strength: within('Strength', found.strength, 0, 1),
    clipSkip: within('Clip skip', found.clipSkip, 1, MOST_CLIP_SKIP),
    notices,
  };
}

/** By name, as files are called or as models call themselves. Only Impasto's own recipes name the embedded model. */
function findModel({ model, recipe }: FoundSettings, models: readonly ModelCard[]): ModelCard | null {
  if (model === null) return null;
  const wanted = stem(model.name).toLowerCase();
  const same = models.filter(({ name }) => stem(name).toLowerCase() === wanted);
  return same.find(({ family }) => family === recipe?.model.family) ?? same[0] ?? null;
}

/** Adapters are called by name, so that the library finds their files or says that it has none. */
function withAdapters({ prompt, adapters }: FoundSettings): string {
  const tags = adapters
    .filter(({ name }) => name !== '' && !prompt.includes(`<lora:${name}`))
    .map(({ name, strength, textStrength }) =>
      textStrength === null
        ? `<lora:${name}:${strength}>`
        : `<lora:${name}:te=${textStrength}:unet=${strength}>`,
    );
  return [prompt, ...tags].filter((part) => part !== '').join(' ');
}
