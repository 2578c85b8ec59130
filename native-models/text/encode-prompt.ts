import { ModelError } from '../errors.ts';
import { mapped } from './mapped-text.ts';
import { type Fragment, weighFragments } from './prompt-attention.ts';
import { type ChunkedPrompt, type ChunkOptions, chunkPrompt, type PromptChunk } from './prompt-chunks.ts';
import { checkPromptLength } from './prompt-limits.ts';
import { schedulePrompt } from './prompt-schedule.ts';
import { type LoraTag, takeTags } from './prompt-tags.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Characters of all different prompts that one schedule may unfold into. */
const MOST_UNFOLDED_CHARACTERS = 500_000;
const MOST_STEPS = 10_000;

/** How a prompt is read. */
export interface PromptOptions extends ChunkOptions {
  /** Steps of the run, which `[from:to:when]` refers to. */
  readonly steps: number;
  /**
   * `a1111` (default) reads weights, schedules, `BREAK` and tags; `plain` takes every character as
   * it stands and cuts off what does not fit into one chunk, as diffusers does.
   */
  readonly syntax?: 'a1111' | 'plain';
}

/** The chunks of some of a run's steps. */
export interface PromptRange {
  /** First step, from 0. */
  readonly from: number;
  /** One past the last step. */
  readonly to: number;
  /** What the prompt says at these steps, tags and schedules resolved. */
  readonly text: string;
  readonly chunks: readonly PromptChunk[];
}

/** A prompt as plain data for the text encoder. */
export interface EncodedPrompt {
  /** In order, covering all steps. Ranges that say the same share their chunks. */
  readonly ranges: readonly PromptRange[];
  readonly loras: readonly LoraTag[];
  /** What a person should know of how the prompt was read. */
  readonly notes: readonly string[];
}

/** What a token meter shows. */
export interface TokenCount {
  /** Tokens of the longest form of the prompt, every chunk but the last counted as full. */
  readonly tokens: number;
  /** Tokens that fit into its chunks. */
  readonly capacity: number;
  readonly chunks: number;
  /** Offsets in the prompt, in UTF-16 units, at which the second and later chunks begin. */
  readonly borders: readonly number[];
}

interface ReadRange {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly chunked: ChunkedPrompt;
}

function read(tokenizer: Tokenizer, text: string, options: PromptOptions) {
  checkPromptLength(text);
  const { steps, syntax = 'a1111' } = options;
  if (!Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS) {
    throw new ModelError(
      'size-unsupported',
      `A prompt cannot be spread over ${steps} steps.`,
      `Choose 1 to ${MOST_STEPS} steps.`,
    );
  }
  const source = mapped(text);
  if (syntax === 'plain') {
    const fragment: Fragment = { kind: 'words', content: source, weight: 1 };
    const whole = chunkPrompt(tokenizer, [fragment], { ...options, commaBacktrack: 0 });
    const [first, ...cut] = whole.chunks;
    const tokens = cut.length > 0 ? tokenizer.maxLength - 2 : whole.tokens;
    const chunked: ChunkedPrompt = { chunks: first === undefined ? [] : [first], tokens, borders: [] };
    return { ranges: [{ from: 0, to: steps, text, chunked }], loras: [], notes: [] };
  }
  const { content, loras, notes } = takeTags(source);
  const known = new Map<string, ChunkedPrompt>();
  let unfolded = 0;
  const ranges = schedulePrompt(content, steps).map((range): ReadRange => {
    let chunked = known.get(range.content.text);
    if (!chunked) {
      unfolded += range.content.text.length;
      if (unfolded > MOST_UNFOLDED_CHARACTERS) {
        throw new ModelError(
          'size-unsupported',
          `The prompt's schedule unfolds into more than ${MOST_UNFOLDED_CHARACTERS} characters.`,
          'Use fewer alternations, or a shorter prompt.',
        );
      }
      chunked = chunkPrompt(tokenizer, weighFragments(range.content), options);
      known.set(range.content.text, chunked);
    }
    return { from: range.from, to: range.to, text: range.content.text, chunked };
  });
  return { ranges, loras, notes };
}

/**
 * Reads a prompt by A1111's grammar into chunks of token ids and weights, one set for each range of
 * steps over which it says the same. CLIP skip is not part of it: it picks the encoder's layer.
 *
 * @throws ModelError `size-unsupported` if the prompt is longer than `MOST_PROMPT_CHARACTERS` or
 *   unfolds into too much.
 */
export function encodePrompt(tokenizer: Tokenizer, text: string, options: PromptOptions): EncodedPrompt {
  const { ranges, loras, notes } = read(tokenizer, text, options);
  return {
    ranges: ranges.map(({ from, to, text: said, chunked }) => ({
      from,
      to,
      text: said,
      chunks: chunked.chunks,
    })),
    loras,
    notes,
  };
}

/**
 * Counts the tokens of a prompt, and says where its chunks begin, without running anything.
 *
 * @throws ModelError `size-unsupported` as `encodePrompt` does.
 */
export function countTokens(tokenizer: Tokenizer, text: string, options: PromptOptions): TokenCount {
  const { ranges } = read(tokenizer, text, options);
  const longest = ranges.reduce<ChunkedPrompt | null>(
    (best, { chunked }) => (best && best.tokens >= chunked.tokens ? best : chunked),
    null,
  );
  const chunks = longest?.chunks.length ?? 1;
  return {
    tokens: longest?.tokens ?? 0,
    capacity: chunks * (tokenizer.maxLength - 2),
    chunks,
    borders: longest?.borders ?? [],
  };
}
