import type { FoundSettings } from '../../../preload/contract/index.ts';
import { parseJson, toNumber, toText, toWhole } from '../json-fields.ts';
import { emptySettings, foundSampler, stem, takeAdapters } from '../settings-draft.ts';

/** `Name: value` or `Name: "quoted value"`, as infotext of stable-diffusion-webui 1.x separates them. */
const PARAMETER = /\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)/g;
const NEGATIVE = 'Negative prompt:';
/** A line with fewer parameters is part of a prompt. */
const LEAST_PARAMETERS = 3;

/** Text of a picture's making as stable-diffusion-webui and its forks write it, taken apart. */
export interface Infotext {
  readonly prompt: string;
  readonly negative: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Takes infotext apart; null for text that has no line of parameters. */
export function parseInfotext(text: string): Infotext | null {
  const lines = text.trim().split(/\r?\n/);
  const parameters = parameterLine(lines.at(-1) ?? '');
  if (parameters === null) return null;
  const prompts = lines.slice(0, -1);
  const begins = prompts.findIndex((line) => line.trimStart().startsWith(NEGATIVE));
  const positive = begins < 0 ? prompts : prompts.slice(0, begins);
  const negative = begins < 0 ? [] : prompts.slice(begins);
  return {
    prompt: positive.join('\n').trim(),
    negative: negative.join('\n').trim().slice(NEGATIVE.length).trim(),
    parameters,
  };
}

function parameterLine(line: string): Map<string, string> | null {
  const found = [...line.matchAll(PARAMETER)];
  if (found.length < LEAST_PARAMETERS) return null;
  return new Map(found.map((match) => [(match[1] ?? '').trim(), unquote((match[2] ?? '').trim())]));
}

function unquote(value: string): string {
  const parsed = value.startsWith('"') ? parseJson(value) : undefined;
  return typeof parsed === 'string' ? parsed : value;
}

/** Reads infotext of A1111, Forge and their relatives; null for text that is none. */
export function readA1111(text: string, source: string): FoundSettings | null {
  const infotext = parseInfotext(text);
  if (infotext === null) return null;
  const rest = new Map(infotext.parameters);
  const take = (name: string): string | null => {
    const value = toText(rest.get(name));
    rest.delete(name);
    return value;
  };
  const { prompt, adapters } = takeAdapters(infotext.prompt);
  const [width, height] = size(take('Size'));
  const model = take('Model');
  const modelHash = take('Model hash');
  const vae = take('VAE');
  const hashes = loraHashes(take('Lora hashes'));
  const seed = takeNumber('Seed', toWhole);
  return {
    ...emptySettings('a1111', source),
    version: take('Version'),
    prompt,
    negative: infotext.negative,
    sampler: foundSampler(take('Sampler'), take('Schedule type')),
    steps: takeNumber('Steps', toWhole),
    guidance: takeNumber('CFG scale', toNumber),
    seed,
    noise: seed === null ? null : noiseOf(take('RNG')),
    width,
    height,
    strength: takeNumber('Denoising strength', toNumber),
    clipSkip: takeNumber('Clip skip', toWhole),
    model: model === null && modelHash === null ? null : { name: model ?? '', hash: modelHash },
    vae: vae === null ? null : stem(vae),
    adapters: adapters.map((adapter) => ({ ...adapter, hash: hashes.get(adapter.name) ?? null })),
    hires: hires(),
    unknown: [...rest].map(([name, value]) => ({ name, value })),
  };

  /** A value that is not what it should be stays among the unknown. */
  function takeNumber(name: string, convert: (value: unknown) => number | null): number | null {
    const value = convert(rest.get(name));
    if (value !== null) rest.delete(name);
    return value;
  }

  function hires(): FoundSettings['hires'] {
    const scale = takeNumber('Hires upscale', toNumber);
    const steps = takeNumber('Hires steps', toWhole);
    const upscaler = take('Hires upscaler');
    if (scale === null && upscaler === null) return null;
    // With a second pass the denoising strength is that pass's.
    return { scale, steps, upscaler, strength: toNumber(infotext?.parameters.get('Denoising strength')) };
  }
}

/** Its own default draws on the graphics card, as PyTorch does with CUDA. */
function noiseOf(generator: string | null): FoundSettings['noise'] {
  return generator?.toUpperCase() === 'CPU' ? 'torch-cpu' : 'philox';
}

function size(text: string | null): [number | null, number | null] {
  const match = /^(\d{1,6})x(\d{1,6})$/.exec(text ?? '');
  return match ? [Number(match[1]), Number(match[2])] : [null, null];
}

/** `name: hash, name: hash`. */
function loraHashes(text: string | null): Map<string, string> {
  const pairs = (text ?? '').split(',').map((pair) => pair.split(':').map((part) => part.trim()));
  return new Map(pairs.flatMap(([name, hash]) => (name && hash ? [[name, hash] as const] : [])));
}
