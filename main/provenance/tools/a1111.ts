import type { FoundSettings } from '../../../preload/contract/index.ts';
import { parseJson, toNumber, toText, toWhole } from '../json-fields.ts';
import { emptySettings, foundSampler, stem, takeAdapters } from '../settings-draft.ts';

/** `Name: ` before a value, as infotext of stable-diffusion-webui 1.x has it. */
const NAME = /[\s,]*(\w[\w \-/]+):\s*/y;
/** A value: in quotes, or up to the next comma. */
const VALUE = /"(?:\\.|[^\\"])+"|[^,]*/y;
const NEGATIVE = 'Negative prompt:';
/** A line with fewer parameters is part of a prompt. */
const LEAST_PARAMETERS = 3;
/** Lines that extensions write below the parameters, such as the templates that a prompt was drawn from. */
const MOST_LINES_BELOW = 6;

/** Text of a picture's making as stable-diffusion-webui and its forks write it, taken apart. */
export interface Infotext {
  readonly prompt: string;
  readonly negative: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Takes infotext apart; null for text that has no line of parameters. */
export function parseInfotext(text: string): Infotext | null {
  const lines = text.trim().split(/\r?\n/);
  const last = lastParameters(lines);
  const parameters = parameterLine(lines[last] ?? '');
  if (parameters === null) return null;
  for (const line of lines.slice(last + 1)) {
    const [name = '', ...value] = line.split(':');
    if (value.length > 0) parameters.set(name.trim(), value.join(':').trim());
  }
  const prompts = lines.slice(0, last);
  const begins = prompts.findIndex((line) => line.trimStart().startsWith(NEGATIVE));
  const positive = begins < 0 ? prompts : prompts.slice(0, begins);
  const negative = begins < 0 ? [] : prompts.slice(begins);
  return {
    prompt: positive.join('\n').trim(),
    negative: negative.join('\n').trim().slice(NEGATIVE.length).trim(),
    parameters,
  };
}

/** The line of parameters: the last one, unless what stands below it says that it is something else. */
function lastParameters(lines: readonly string[]): number {
  const below = lines.slice(-MOST_LINES_BELOW).findLastIndex((line) => /^\s*Steps: \d/.test(line));
  const first = Math.max(0, lines.length - MOST_LINES_BELOW);
  return below < 0 ? lines.length - 1 : first + below;
}

function parameterLine(line: string): Map<string, string> | null {
  const found = new Map<string, string>();
  for (let at = 0; at < line.length;) {
    NAME.lastIndex = at;
    const name = NAME.exec(line);
    if (name === null) {
      // What has no name is skipped to the next comma.
      const comma = line.indexOf(',', at + 1);
      at = comma < 0 ? line.length : comma;
      continue;
    }
    const begin = NAME.lastIndex;
    at = endOfJson(line, begin) ?? endOfValue(line, begin);
    found.set((name[1] ?? '').trim(), unquote(line.slice(begin, at).trim()));
  }
  return found.size < LEAST_PARAMETERS ? null : found;
}

function endOfValue(line: string, begin: number): number {
  VALUE.lastIndex = begin;
  return VALUE.exec(line) === null ? line.length : VALUE.lastIndex;
}

/** Where a list or an object of JSON ends, commas and all; null for what is none. */
function endOfJson(line: string, begin: number): number | null {
  if (line[begin] !== '[' && line[begin] !== '{') return null;
  let [depth, quoted] = [0, false];
  for (let at = begin; at < line.length; at += 1) {
    const character = line[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
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
    controls: takeControls(rest),
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

/** `ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 1, …"`; taken only where there is a model. */
function takeControls(rest: Map<string, string>): FoundSettings['controls'] {
  return [...rest].flatMap(([name, value]) => {
    const fields = /^ControlNet(?: \d+)?$/.test(name) ? parameterLine(value) : null;
    const model = toText(fields?.get('Model'));
    if (fields === null || model === null || model === 'None') return [];
    // What was drawn from the picture is not among the settings: the text stays to be read.
    return [
      {
        name: model.replace(/ \[[0-9a-f]+\]$/, ''),
        strength: toNumber(fields.get('Weight')) ?? 1,
        start: toNumber(fields.get('Guidance Start')),
        end: toNumber(fields.get('Guidance End')),
      },
    ];
  });
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
