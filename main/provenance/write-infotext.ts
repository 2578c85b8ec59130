import type { Recipe } from '../../preload/contract/index.ts';
import { findSampler, SAMPLERS } from '../inference/samplers/sampler-registry.ts';

/** First characters of a SHA-256 that A1111 calls a model's hash. */
const MODEL_HASH = 10;
/** First characters of a SHA-256 by which A1111 names an adapter. */
const LORA_HASH = 12;

/**
 * A recipe as infotext of stable-diffusion-webui: prompt with the adapters as tags, negative prompt, then parameters.
 * A1111, Forge, Civitai and their relatives read it; what has no place there is left to Impasto's own recipe.
 */
export function writeInfotext(recipe: Recipe): string {
  const { prompt, negative, adapters, model, init, clipSkip } = recipe;
  const named = adapters.filter(({ name }) => !prompt.includes(`<lora:${name}`));
  const tags = named.map(({ name, strength, textStrength }) =>
    textStrength === undefined || textStrength === strength
      ? `<lora:${name}:${strength}>`
      : `<lora:${name}:${textStrength}:${strength}>`,
  );
  const { sampler, schedule } = samplerWords(recipe.sampler);
  const hashes = adapters.map(({ name, sha256 }) => `${name}: ${sha256.slice(0, LORA_HASH)}`).join(', ');
  const parameters: readonly (readonly [string, string | number | undefined])[] = [
    ['Steps', recipe.steps],
    ['Sampler', sampler],
    ['Schedule type', schedule],
    ['CFG scale', recipe.guidance],
    ['Seed', recipe.seed],
    ['Size', `${recipe.width}x${recipe.height}`],
    ['Model hash', model.sha256.slice(0, MODEL_HASH)],
    ['Model', model.name],
    ['Denoising strength', init?.strength],
    ['Clip skip', clipSkip],
    ['RNG', recipe.noise === 'torch-cpu' ? 'CPU' : undefined],
    ['Lora hashes', hashes === '' ? undefined : hashes],
    ['Version', `Impasto recipe ${recipe.version}`],
  ];
  return [
    [prompt, ...tags].filter((part) => part !== '').join(' '),
    ...(negative === '' ? [] : [`Negative prompt: ${negative}`]),
    parameters
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${quote(String(value))}`]))
      .join(', '),
  ].join('\n');
}

/** Values with a comma, a colon or a line break in them are quoted as JSON. */
function quote(value: string): string {
  return /[,:\n"]/.test(value) ? JSON.stringify(value) : value;
}

function samplerWords(id: string): { sampler: string; schedule: string | undefined } {
  const { name } = findSampler(id);
  const label = SAMPLERS.find((entry) => entry.name === name)?.label ?? id;
  const suffix = Object.keys(SCHEDULES).find((ending) => id.endsWith(ending));
  return { sampler: label, schedule: suffix === undefined ? undefined : SCHEDULES[suffix] };
}

const SCHEDULES: Readonly<Record<string, string>> = {
  '-karras': 'Karras',
  '-exponential': 'Exponential',
  '-sgm-uniform': 'SGM Uniform',
};
