import type { FoundSettings } from '../../../preload/contract/index.ts';
import { Fields, isRecord, type JsonRecord, parseJson, toNumber, toText } from '../json-fields.ts';
import { emptySettings, foundSampler, stem } from '../settings-draft.ts';
import { parseInfotext, readA1111 } from './a1111.ts';

/** Most adapters that its window has places for. */
const MAX_ADAPTERS = 32;

/**
 * Reads Fooocus's `parameters`: JSON under the scheme `fooocus`, infotext under the scheme `a1111`
 * (Fooocus 2.2 and later, modules/meta_parser.py). Null for what is neither.
 */
export function readFooocus(text: string, source: string): FoundSettings | null {
  const json = parseJson(text);
  return isRecord(json) ? readScheme(json, source) : readInfotext(text, source);
}

function readScheme(json: JsonRecord, source: string): FoundSettings | null {
  const fields = new Fields(json);
  const sampler = fields.text('sampler', 'Sampler');
  const model = fields.text('base_model', 'Base Model');
  if (sampler === null && model === null) return null;
  const hash = fields.text('base_model_hash');
  const [width, height] = pair(fields.text('resolution', 'Resolution'));
  const adapters = fooocusAdapters(fields);
  const full = fields.text('full_prompt');
  const settings: FoundSettings = {
    ...emptySettings('fooocus', source),
    version: fields.text('version', 'Version'),
    prompt: fields.text('prompt', 'Prompt') ?? full ?? '',
    negative: fields.text('negative_prompt', 'Negative Prompt') ?? '',
    sampler: foundSampler(sampler, fields.text('scheduler', 'Scheduler')),
    steps: fields.whole('steps', 'Steps'),
    guidance: fields.number('guidance_scale', 'Guidance Scale'),
    seed: fields.whole('seed', 'Seed'),
    noise: 'torch-cpu',
    width,
    height,
    clipSkip: fields.whole('clip_skip', 'CLIP Skip'),
    model: model === null ? null : { name: stem(model), hash },
    vae: vaeOf(fields.text('vae', 'VAE')),
    adapters,
  };
  fields.value('metadata_scheme', 'Metadata Scheme');
  const expanded = full === null || full === settings.prompt ? [] : [{ name: 'full_prompt', value: full }];
  return { ...settings, unknown: [...expanded, ...fields.rest()] };
}

/** `loras` is a list of name, weight and hash; older files have `lora_combined_1: "name : weight"`. */
function fooocusAdapters(fields: Fields): FoundSettings['adapters'] {
  const listed = fields.value('loras');
  const rows: unknown[][] = Array.isArray(listed) ? listed.filter((row) => Array.isArray(row)) : [];
  for (let i = 1; i <= MAX_ADAPTERS; i++) {
    const parts = fields.text(`lora_combined_${i}`, `LoRA ${i}`)?.split(' : ');
    // Three parts begin with whether it is turned on.
    if (parts?.length === 3 && parts.shift() !== 'True') continue;
    if (parts && rows.every((row) => stem(String(row[0])) !== stem(parts[0] ?? ''))) rows.push(parts);
  }
  return rows.flatMap(([name, weight, hash]) => {
    const file = toText(name);
    if (file === null || file === 'None') return [];
    return [{ name: stem(file), hash: toText(hash), strength: toNumber(weight) ?? 1, textStrength: null }];
  });
}

function readInfotext(text: string, source: string): FoundSettings | null {
  const read = readA1111(text, source);
  const parameters = parseInfotext(text)?.parameters;
  if (read === null || parameters === undefined) return null;
  const known = new Set(['Scheduler', 'Raw prompt', 'Raw negative prompt', 'Lora weights']);
  return {
    ...read,
    tool: 'fooocus',
    noise: 'torch-cpu',
    prompt: parameters.get('Raw prompt') ?? read.prompt,
    negative: parameters.get('Raw negative prompt') ?? read.negative,
    sampler: foundSampler(
      (parameters.get('Sampler') ?? '').replace(/ Karras$/, '') || null,
      parameters.get('Scheduler') ?? null,
    ),
    adapters: infotextAdapters(parameters),
    unknown: read.unknown.filter(({ name }) => !known.has(name)),
  };
}

/** `Lora weights` is `name: weight, …`; in files before it, `Lora hashes` is `name: hash: weight, …`. */
function infotextAdapters(parameters: ReadonlyMap<string, string>): FoundSettings['adapters'] {
  const rows = (name: string): string[][] =>
    (parameters.get(name) ?? '')
      .split(', ')
      .filter((row) => row !== '')
      .map((row) => row.split(': '));
  const hashes = new Map(rows('Lora hashes').map(([name, hash]) => [name, hash ?? null]));
  const weighed = rows('Lora weights');
  const from = weighed.length > 0 ? weighed : rows('Lora hashes').filter((row) => row.length === 3);
  return from.map((row) => ({
    name: row[0] ?? '',
    hash: hashes.get(row[0]) ?? null,
    strength: toNumber(row.at(-1)) ?? 1,
    textStrength: null,
  }));
}

/** `(1152, 896)` or `('1152', '896')`. */
function pair(text: string | null): [number | null, number | null] {
  const match = /^\(?'?(\d{1,6})'?\s*[,×x*]\s*'?(\d{1,6})'?\)?$/.exec(text ?? '');
  return match ? [Number(match[1]), Number(match[2])] : [null, null];
}

function vaeOf(name: string | null): string | null {
  return name === null || name === 'Default (model)' ? null : stem(name);
}
