import type { Fragment } from './prompt-attention.ts';
import type { Tokenizer } from './tokenizer.ts';

/** One input of the text encoder. */
export interface PromptChunk {
  /** Token ids, `Tokenizer.maxLength` of them: start, words, end, padding. */
  readonly ids: Int32Array;
  /** How strong each token is; 1 for markers and padding. */
  readonly weights: Float32Array;
  /** Where vectors of a textual inversion replace tokens: from position `at`, `length` of them. */
  readonly embeddings: ReadonlyArray<{ readonly at: number; readonly name: string; readonly length: number }>;
}

/** How a prompt is cut into chunks. */
export interface ChunkOptions {
  /** Textual inversions by name, with the number of vectors of each. */
  readonly embeddings?: ReadonlyMap<string, number>;
  /** How many tokens may move to the next chunk to cut after a comma; 0 cuts anywhere. A1111: 20. */
  readonly commaBacktrack?: number;
}

/** Chunks, and what a token meter shows of them. */
export interface ChunkedPrompt {
  readonly chunks: readonly PromptChunk[];
  /** Tokens used, counting every chunk but the last as full. */
  readonly tokens: number;
  /** Offsets in the prompt at which the second and later chunks begin. */
  readonly borders: readonly number[];
}

const DEFAULT_BACKTRACK = 20;

interface Slot {
  readonly id: number;
  readonly weight: number;
  readonly start: number;
  /** Name of the textual inversion whose first vector this is, and its vectors. */
  readonly embedding?: { readonly name: string; readonly length: number };
}

/** A chunk of given slots: start, slots, end, padding. */
function finish(tokenizer: Tokenizer, slots: readonly Slot[]): PromptChunk {
  const ids = new Int32Array(tokenizer.maxLength).fill(tokenizer.padId);
  const weights = new Float32Array(tokenizer.maxLength).fill(1);
  const embeddings: Array<{ at: number; name: string; length: number }> = [];
  ids[0] = tokenizer.startId;
  for (const [i, slot] of slots.entries()) {
    ids[i + 1] = slot.id;
    weights[i + 1] = slot.weight;
    if (slot.embedding) embeddings.push({ at: i + 1, ...slot.embedding });
  }
  ids[slots.length + 1] = tokenizer.endId;
  return { ids, weights, embeddings };
}

/** A chunk without words: what a prompt is filled up with to as many chunks as the other one has. */
export function emptyChunk(tokenizer: Tokenizer): PromptChunk {
  return finish(tokenizer, []);
}

/** Finds textual inversions by the tokens of their names, the longest first. */
class EmbeddingIndex {
  readonly byFirst = new Map<number, Array<{ ids: readonly number[]; name: string; length: number }>>();

  constructor(tokenizer: Tokenizer, embeddings: ReadonlyMap<string, number>) {
    for (const [name, length] of embeddings) {
      const { ids } = tokenizer.encode(name);
      const [first] = ids;
      if (first === undefined || length < 1 || length > tokenizer.maxLength - 2) continue;
      const list = this.byFirst.get(first) ?? [];
      list.push({ ids, name, length });
      this.byFirst.set(
        first,
        list.toSorted((a, b) => b.ids.length - a.ids.length),
      );
    }
  }

  at(ids: readonly number[], position: number) {
    const candidates = this.byFirst.get(ids[position] ?? -1) ?? [];
    return candidates.find((candidate) => candidate.ids.every((id, i) => ids[position + i] === id)) ?? null;
  }
}

/** Fills chunks one after the other, as A1111's `sd_hijack_clip.tokenize_line`. */
class ChunkFiller {
  readonly tokenizer: Tokenizer;
  readonly room: number;
  readonly backtrack: number;
  readonly comma: number | undefined;
  readonly done: Array<readonly Slot[]> = [];
  slots: Slot[] = [];
  lastComma = -1;

  constructor(tokenizer: Tokenizer, backtrack: number) {
    this.tokenizer = tokenizer;
    this.room = tokenizer.maxLength - 2;
    this.backtrack = backtrack;
    this.comma = tokenizer.encode(',').ids[0];
  }

  close(): void {
    this.done.push(this.slots);
    this.slots = [];
    this.lastComma = -1;
  }

  /** Cuts a full chunk after its last comma, if that is near, and takes the rest along. */
  cutAtComma(): void {
    const near = this.lastComma !== -1 && this.slots.length - this.lastComma <= this.backtrack;
    if (this.backtrack === 0 || this.slots.length !== this.room || !near) return;
    const rest = this.slots.splice(this.lastComma + 1);
    this.close();
    this.slots = rest;
  }

  add(slot: Slot): void {
    if (slot.id === this.comma) this.lastComma = this.slots.length;
    else this.cutAtComma();
    if (this.slots.length === this.room) this.close();
    this.slots.push(slot);
  }

  addEmbedding(name: string, length: number, weight: number, start: number): void {
    this.cutAtComma();
    if (this.slots.length + length > this.room) this.close();
    for (let i = 0; i < length; i += 1) {
      const slot = { id: this.tokenizer.padId, weight, start };
      this.slots.push(i === 0 ? { ...slot, embedding: { name, length } } : slot);
    }
  }
}

/**
 * Cuts weighted fragments into chunks of as many tokens as the text encoder takes (75 for CLIP),
 * with A1111's rules: `BREAK` ends a chunk, a full one is cut after a near comma, a textual
 * inversion is never split. There is always at least one chunk.
 */
export function chunkPrompt(
  tokenizer: Tokenizer,
  fragments: readonly Fragment[],
  options: ChunkOptions = {},
): ChunkedPrompt {
  const filler = new ChunkFiller(tokenizer, options.commaBacktrack ?? DEFAULT_BACKTRACK);
  const index = new EmbeddingIndex(tokenizer, options.embeddings ?? new Map());
  for (const fragment of fragments) {
    if (fragment.kind === 'break') {
      filler.close();
      continue;
    }
    const { content, weight } = fragment;
    const { ids, starts } = tokenizer.encode(content.text);
    for (let position = 0; position < ids.length;) {
      const start = content.offsets[starts[position] ?? 0] ?? 0;
      const embedding = index.at(ids, position);
      if (embedding) {
        filler.addEmbedding(embedding.name, embedding.length, weight, start);
        position += embedding.ids.length;
      } else {
        filler.add({ id: ids[position] ?? 0, weight, start });
        position += 1;
      }
    }
  }
  if (filler.slots.length > 0 || filler.done.length === 0) filler.close();
  const last = filler.done.at(-1) ?? [];
  return {
    chunks: filler.done.map((slots) => finish(tokenizer, slots)),
    tokens: (filler.done.length - 1) * filler.room + last.length,
    borders: filler.done.slice(1).map((slots) => slots[0]?.start ?? 0),
  };
}
