import type { AdapterSource } from './adapter-source.ts';

/** What an adapter's file says of itself for people. */
export interface AdapterMetadata {
  readonly title: string | null;
  readonly author: string | null;
  readonly description: string | null;
  readonly licence: string | null;
  /** Words that call what was trained, most frequent first. */
  readonly triggerWords: readonly string[];
  /** Name of the model that it was trained on. */
  readonly baseModel: string | null;
  /** Rank and alpha as the trainer wrote them. */
  readonly rank: number | null;
  readonly alpha: number | null;
}

const MOST_WORDS = 30;
const MOST_TEXT = 4000;
const MOST_TITLE = 200;
/** Metadata fields longer than this are not looked into. */
const MOST_JSON = 4 * 2 ** 20;

function text(source: AdapterSource, ...keys: string[]): string | null {
  for (const key of keys) {
    const value = source.metadata.get(key)?.trim();
    if (value !== undefined && value !== '' && value !== 'None') return value.slice(0, MOST_TEXT);
  }
  return null;
}

function number(source: AdapterSource, key: string): number | null {
  const value = text(source, key);
  const parsed = value === null ? Number.NaN : Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Captions' tags with their counts, summed over the folders of the data set (kohya's `ss_tag_frequency`). */
function tagCounts(source: AdapterSource): Map<string, number> {
  const counts = new Map<string, number>();
  const json = source.metadata.get('ss_tag_frequency');
  if (json === undefined || json.length > MOST_JSON) return counts;
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return counts;
  }
  for (const folder of isRecord(parsed) ? Object.values(parsed) : []) {
    for (const [tag, count] of isRecord(folder) ? Object.entries(folder) : []) {
      const word = tag.trim();
      if (word === '' || word.length > 100 || typeof count !== 'number' || !(count > 0)) continue;
      counts.set(word, (counts.get(word) ?? 0) + count);
    }
  }
  return counts;
}

/**
 * Reads title, trigger words and the like out of an adapter's metadata: `modelspec.*` (Stability's
 * ModelSpec 1.0) and kohya's `ss_*`. Nothing of it is trusted for more than display.
 */
export function adapterMetadata(source: AdapterSource): AdapterMetadata {
  const phrase = text(source, 'modelspec.trigger_phrase', 'ss_trigger_words', 'trigger_words');
  const said = (phrase ?? '').split(',').map((word) => word.trim());
  const tagged = [...tagCounts(source)].toSorted((a, b) => b[1] - a[1]).map(([word]) => word);
  const words = [...new Set([...said, ...tagged])].filter((word) => word !== '');
  return {
    title: text(source, 'modelspec.title', 'ss_output_name', 'name')?.slice(0, MOST_TITLE) ?? null,
    author: text(source, 'modelspec.author', 'author'),
    description: text(source, 'modelspec.description', 'ss_training_comment', 'description'),
    licence: text(source, 'modelspec.license', 'license'),
    triggerWords: words.slice(0, MOST_WORDS),
    baseModel: text(source, 'ss_sd_model_name', 'modelspec.architecture', 'ss_base_model_version'),
    rank: number(source, 'ss_network_dim'),
    alpha: number(source, 'ss_network_alpha'),
  };
}
