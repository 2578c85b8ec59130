import type { TextualInversion } from '../../../native-models/adapters/textual-inversion.ts';
import type { TextEncoderComponent } from '../../../native-models/checkpoints/checkpoint.ts';
import { applyEmphasis } from '../../../native-models/text/emphasis.ts';
import {
  encodePrompt,
  type EncodedPrompt,
  type PromptRange,
} from '../../../native-models/text/encode-prompt.ts';
import { loadTokenizer } from '../../../native-models/text/load-tokenizer.ts';
import { type Tokenizer, withPadId } from '../../../native-models/text/tokenizer.ts';
import type { GenerateJob } from '../protocol.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import type { ActiveAdapters } from './adapter-inputs.ts';
import { encodeChunk } from './encode-text.ts';
import { join } from './join-arrays.ts';
import type { OpenedModel } from './opened-model.ts';
import type { EncodedRow, TextConditioning } from './text-conditioning.ts';

/** What encoding a run's prompts needs. */
export interface PromptEncoding {
  readonly job: GenerateJob;
  readonly model: OpenedModel;
  readonly networks: NetworkCache;
  readonly tokenizers: Map<string, Tokenizer>;
  readonly adapters: ActiveAdapters;
  /** Textual inversions by their name in the prompt. */
  readonly embeddings: ReadonlyMap<string, TextualInversion>;
  /** Steps of the run, to which `[from:to:when]` refers. */
  readonly steps: number;
  /** Takes sentences for a person. */
  readonly notes: Set<string>;
}

/** Whether the prompt is set against a negative one; a guidance-distilled UNet is told the scale instead. */
export function isGuided(job: GenerateJob, model: OpenedModel): boolean {
  return job.guidance > 1 && model.checkpoint.unet.config.guidanceDim === undefined;
}

/**
 * Encodes a prompt for every step of a run. Each chunk goes through the encoder by itself; states of
 * chunks are joined along the tokens.
 *
 * @param negative whether it is the negative prompt.
 * @throws ModelError for prompts that are too long or nested too deep.
 */
export async function encodeRow(
  encoding: PromptEncoding,
  text: string,
  negative: boolean,
): Promise<EncodedRow> {
  const { model, job, steps, notes } = encoding;
  const parts: EncodedPrompt[] = [];
  const embeddings = new Map([...encoding.embeddings].map(([name, { length }]) => [name, length]));
  for (const encoder of model.checkpoint.textEncoders) {
    const own = await tokenizerOf(encoder, encoding.tokenizers);
    const tokenizer = job.padWithEndToken === true ? withPadId(own, own.endId) : own;
    parts.push(encodePrompt(tokenizer, text, { steps, syntax: job.promptSyntax ?? 'a1111', embeddings }));
  }
  for (const note of parts[0]?.notes ?? []) notes.add(note);
  for (const { name } of parts[0]?.loras ?? []) noteAdapterTag(job, name, notes);

  const known = new Map<string, TextConditioning>();
  const row: { to: number; text: TextConditioning }[] = [];
  for (const range of parts[0]?.ranges ?? []) {
    const conditioning = known.get(range.text) ?? (await encodeKnownRange(encoding, parts, range));
    known.set(range.text, conditioning);
    // SDXL was trained with nothing at all in place of an empty prompt; diffusers and A1111 do the same.
    const silent = negative && job.promptSyntax !== 'plain' && text === '' && parts.length > 1;
    row.push({ to: range.to, text: silent ? silence(conditioning) : conditioning });
  }
  return row;
}

function encodeKnownRange(
  encoding: PromptEncoding,
  parts: readonly EncodedPrompt[],
  range: PromptRange,
): Promise<TextConditioning> {
  const ofEncoders = parts.map((part) => part.ranges.find(({ from }) => from === range.from) ?? range);
  return encodeRange(encoding, ofEncoders);
}

/** @param ranges the same range as each encoder's tokenizer reads it. */
async function encodeRange(
  encoding: PromptEncoding,
  ranges: readonly PromptRange[],
): Promise<TextConditioning> {
  const { model, networks, job, adapters, embeddings } = encoding;
  const use = { clipSkip: job.clipSkip ?? 1, networks, compute: job.compute, adapters, embeddings };
  const both = ranges.length > 1;
  const states: Float32Array[] = [];
  const widths: number[] = [];
  let pooled = new Float32Array();
  for (const [index, range] of ranges.entries()) {
    const chunks: Float32Array[] = [];
    for (const [i, chunk] of range.chunks.entries()) {
      const encoded = await encodeChunk(model, index, chunk, use);
      chunks.push(applyEmphasis(both ? encoded.penultimate : encoded.last, chunk.weights, 'a1111'));
      // The last encoder's pooled state of the first chunk is SDXL's summary of the prompt.
      if (i === 0) pooled = Float32Array.from(encoded.pooled);
    }
    states.push(join(chunks));
    widths.push(model.checkpoint.textEncoders[index]?.config.hiddenSize ?? 1);
  }
  const tokens = (states[0]?.length ?? 0) / (widths[0] ?? 1);
  return {
    states: joinColumns(states, widths, tokens),
    tokens,
    pooled,
    timeIds: Float32Array.of(job.height, job.width, 0, 0, job.height, job.width),
  };
}

/** Sets matrices of equal height side by side. */
function joinColumns(
  matrices: readonly Float32Array[],
  widths: readonly number[],
  rows: number,
): Float32Array {
  const [only, ...others] = matrices;
  if (only !== undefined && others.length === 0) return only;
  const parts: Float32Array[] = [];
  for (let row = 0; row < rows; row += 1) {
    matrices.forEach((matrix, i) => {
      const width = widths[i] ?? 1;
      parts.push(matrix.subarray(row * width, (row + 1) * width));
    });
  }
  return join(parts);
}

function silence(text: TextConditioning): TextConditioning {
  return {
    ...text,
    states: new Float32Array(text.states.length),
    pooled: new Float32Array(text.pooled.length),
  };
}

async function tokenizerOf(encoder: TextEncoderComponent, known: Map<string, Tokenizer>): Promise<Tokenizer> {
  if (encoder.tokenizer === 'clip') return withPadId(await loadTokenizer('clip'), encoder.padToken);
  const { folder } = encoder.tokenizer;
  const tokenizer = known.get(folder) ?? (await loadTokenizer(folder));
  known.set(folder, tokenizer);
  return tokenizer;
}

function noteAdapterTag(job: GenerateJob, name: string, notes: Set<string>): void {
  const chosen = job.adapters.some(({ path }) => path.includes(name));
  if (!chosen) notes.add(`<lora:${name}> in the prompt was left out: choose the adapter itself.`);
}
