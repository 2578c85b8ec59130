import type { FoundSettings } from '../../../preload/contract/index.ts';
import { Fields, isRecord, type JsonRecord, parseJson, toNumber, toText, toWhole } from '../json-fields.ts';
import { emptySettings, foundSampler, stem } from '../settings-draft.ts';

/** Reads `invokeai_metadata` (InvokeAI 3 and later). */
export function readInvokeAi(text: string, source: string): FoundSettings | null {
  const json = parseJson(text);
  if (!isRecord(json)) return null;
  const fields = new Fields(json);
  const skip = fields.whole('clip_skip');
  const style = fields.text('positive_style_prompt');
  const prompt = fields.text('positive_prompt') ?? '';
  const settings: FoundSettings = {
    ...emptySettings('invokeai', source),
    version: fields.text('app_version'),
    prompt,
    negative: fields.text('negative_prompt') ?? '',
    sampler: invokeSampler(fields.text('scheduler')),
    steps: fields.whole('steps'),
    guidance: fields.number('cfg_scale'),
    seed: fields.whole('seed'),
    noise: fields.text('rand_device') === 'cuda' ? 'philox' : 'torch-cpu',
    width: fields.whole('width'),
    height: fields.whole('height'),
    strength: fields.number('strength'),
    // It counts the layers that are left out.
    clipSkip: skip === null ? null : skip + 1,
    model: modelOf(fields.value('model')),
    vae: modelOf(fields.value('vae'))?.name ?? null,
    adapters: list(fields.value('loras')).map((each) => ({
      ...(modelOf(each['model'] ?? each['lora']) ?? { name: '', hash: null }),
      strength: toNumber(each['weight']) ?? 0.75,
      textStrength: null,
    })),
    controls: list(fields.value('controlnets')).map((each) => ({
      name: modelOf(each['control_model'])?.name ?? '',
      strength: toNumber(each['control_weight']) ?? 1,
      start: toNumber(each['begin_step_percent']),
      end: toNumber(each['end_step_percent']),
    })),
    hires: fields.value('hrf_enabled') === true ? hires(fields) : null,
  };
  const styled = style === null || style === prompt ? [] : [{ name: 'positive_style_prompt', value: style }];
  return { ...settings, unknown: [...styled, ...fields.rest()] };
}

function hires(fields: Fields): FoundSettings['hires'] {
  return {
    scale: null,
    steps: null,
    strength: fields.number('hrf_strength'),
    upscaler: fields.text('hrf_method'),
  };
}

/** Reads `sd-metadata` (InvokeAI 2.2 to 2.3). */
export function readInvokeAi2(text: string, source: string): FoundSettings | null {
  const json = parseJson(text);
  if (!isRecord(json) || !isRecord(json['image'])) return null;
  const outer = new Fields(json);
  outer.value('image', 'model', 'app_id');
  const fields = new Fields(json['image']);
  const model = outer.text('model_weights');
  const words = fields.value('prompt');
  const parts = Array.isArray(words)
    ? words.filter(isRecord).map((part) => toText(part['prompt']) ?? '')
    : [];
  const whole = typeof words === 'string' ? words : parts.join(' ');
  const fromPicture = fields.text('type') === 'img2img';
  const strength = fields.number('strength');
  return {
    ...emptySettings('invokeai', source),
    ...splitNegative(whole),
    version: outer.text('app_version'),
    sampler: invokeSampler(fields.text('sampler')),
    steps: fields.whole('steps'),
    guidance: fields.number('cfg_scale'),
    seed: fields.whole('seed'),
    noise: 'torch-cpu',
    width: fields.whole('width'),
    height: fields.whole('height'),
    strength: fromPicture ? strength : null,
    model: model === null ? null : { name: stem(model), hash: outer.text('model_hash') },
    unknown: [...outer.rest(), ...fields.rest()],
  };
}

/** Switches of the `Dream` command line that Impasto has settings for. */
const SWITCHES: Readonly<Record<string, string>> = {
  s: 'steps',
  S: 'seed',
  W: 'width',
  H: 'height',
  C: 'guidance',
  A: 'sampler',
  f: 'strength',
};

/** Reads `Dream`, the command line that made the picture (InvokeAI up to 2.3). */
export function readDream(text: string, source: string): FoundSettings | null {
  const quoted = /^\s*"((?:\\.|[^"\\])*)"|^\s*'((?:\\.|[^'\\])*)'/.exec(text);
  const prompt = quoted ? (quoted[1] ?? quoted[2] ?? '') : text.split(/\s-\w/)[0];
  const rest = text.slice(quoted ? quoted[0].length : (prompt?.length ?? 0));
  const found = new Map<string, string>();
  const unknown: FoundSettings['unknown'] = [];
  for (const match of rest.matchAll(
    /\s-(-?)(\w[\w-]*?)(?:[\s=]*([-+]?[\d.]+|"[^"]*"|[^-\s]\S*))?(?=\s|$)/g,
  )) {
    const [, , name = '', value = ''] = match;
    // `-s50` is as good as `-s 50`.
    const glued = /^([a-zA-Z])([\d.]+)$/.exec(name);
    const known = SWITCHES[glued?.[1] ?? name];
    if (known === undefined) unknown.push({ name: `-${name}`, value });
    else found.set(known, glued?.[2] ?? value);
  }
  if (found.size === 0) return null;
  return {
    ...emptySettings('invokeai', source),
    ...splitNegative(prompt?.replaceAll('\\"', '"') ?? ''),
    sampler: invokeSampler(toText(found.get('sampler'))),
    steps: toWhole(found.get('steps')),
    guidance: toNumber(found.get('guidance')),
    seed: toWhole(found.get('seed')),
    noise: 'torch-cpu',
    width: toWhole(found.get('width')),
    height: toWhole(found.get('height')),
    strength: toNumber(found.get('strength')),
    unknown,
  };
}

/** Old InvokeAI writes what to keep away from in brackets into the prompt. */
function splitNegative(prompt: string): { prompt: string; negative: string } {
  const away = [...prompt.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1]?.trim() ?? '');
  return { prompt: prompt.replace(/\s*\[[^[\]]*\]/g, '').trim(), negative: away.join(', ') };
}

/** `_k` at the end stands for Karras' schedule, `k_` at the beginning for k-diffusion. */
function invokeSampler(name: string | null): FoundSettings['sampler'] {
  if (name === null) return null;
  const karras = /^(?!k_)(.*)_k$/.exec(name)?.[1];
  const found = karras === undefined ? foundSampler(name) : foundSampler(karras, 'Karras');
  return found && { ...found, written: name };
}

/** A model by the keys of its time: `name`, `model_name`, or no more than its text. */
function modelOf(value: unknown): { name: string; hash: string | null } | null {
  if (typeof value === 'string') return { name: stem(value), hash: null };
  if (!isRecord(value)) return null;
  const name = toText(value['name']) ?? toText(value['model_name']);
  return name === null ? null : { name: stem(name), hash: toText(value['hash']) };
}

function list(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
