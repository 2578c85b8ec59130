import { mapped } from '../../native-models/text/mapped-text.ts';
import { type LoraTag, takeTags } from '../../native-models/text/prompt-tags.ts';
import type { FoundSettings, PictureTool } from '../../preload/contract/index.ts';
import { samplerId } from '../generation/sampler-id.ts';

/** Settings that say nothing yet. */
export function emptySettings(tool: PictureTool, source: string): FoundSettings {
  return {
    tool,
    version: null,
    source,
    prompt: '',
    negative: '',
    sampler: null,
    steps: null,
    guidance: null,
    seed: null,
    noise: null,
    width: null,
    height: null,
    strength: null,
    clipSkip: null,
    model: null,
    vae: null,
    adapters: [],
    controls: [],
    hires: null,
    recipe: null,
    unknown: [],
  };
}

/** A sampler by another program's name and, apart from it, its schedule of noise. */
export function foundSampler(name: string | null, schedule: string | null = null): FoundSettings['sampler'] {
  if (name === null) return null;
  const written = schedule === null ? name : `${name}, ${schedule}`;
  const plain = schedule === null || PLAIN_SCHEDULES.has(schedule.toLowerCase());
  try {
    return { written, id: samplerId(plain ? name : `${name} ${schedule}`) };
  } catch {
    return { written, id: null };
  }
}

/** Schedules that are no more than the model's own. */
const PLAIN_SCHEDULES: ReadonlySet<string> = new Set([
  'automatic',
  'normal',
  'native',
  'uniform',
  'none',
  '',
]);

/** The adapters that a prompt calls, and the prompt without them. */
export function takeAdapters(prompt: string): { prompt: string; adapters: FoundSettings['adapters'] } {
  const { content, loras } = takeTags(mapped(prompt));
  const text = loras.length === 0 ? prompt : content.text.replace(/[ \t]{2,}/g, ' ').trim();
  return { prompt: text, adapters: loras.map(toAdapter) };
}

function toAdapter({ name, unetStrength, textStrength }: LoraTag): FoundSettings['adapters'][number] {
  return {
    name,
    hash: null,
    strength: unetStrength,
    textStrength: textStrength === unetStrength ? null : textStrength,
  };
}

/** A model file's name without folder and ending, as libraries list it. */
export function stem(file: string): string {
  const base = file.split(/[\\/]/).at(-1) ?? file;
  return base.replace(/\.(safetensors|ckpt|pt|pth|bin|sft|gguf)$/i, '');
}
