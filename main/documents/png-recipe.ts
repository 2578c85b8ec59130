import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { recipeSchema } from '../../preload/contract/index.ts';
import { writeInfotext } from '../provenance/write-infotext.ts';

const KEYWORD = 'impasto';
/** Where A1111 and its relatives look. */
const INFOTEXT = 'parameters';
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Recipes are text of a few kilobytes; a larger chunk is not ours. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

const noteSchema = z.object({
  /** Layer that shows the generated picture; null when the file is the picture itself. */
  layer: z.string().nullable(),
  recipe: recipeSchema,
});
const notesSchema = z.object({ version: z.literal(1), recipes: z.array(noteSchema) });

/** What a PNG says about how it, or one of its layers, was made. */
export type RecipeNote = z.infer<typeof noteSchema>;

/**
 * Puts recipes into a PNG as an iTXt chunk with the keyword `impasto`: uncompressed UTF-8 JSON
 * (PNG specification, third edition, §11.3.3.4), and the last of them, which lies on top, once more as the infotext
 * that other programs read, under `parameters`. Replaces earlier ones.
 *
 * @throws RangeError when the bytes are no PNG
 */
export function withRecipes(png: Uint8Array, recipes: readonly RecipeNote[]): Uint8Array<ArrayBuffer> {
  const top = recipes.at(-1);
  const kept = [...chunksOf(png)].filter(
    (chunk) => !isOurs(chunk) && !(top !== undefined && isInfotext(chunk)),
  );
  const parts: Uint8Array[] = [SIGNATURE];
  for (const chunk of kept) {
    if (chunk.type === 'IEND' && top !== undefined) {
      const notes: z.input<typeof notesSchema> = { version: 1, recipes: [...recipes] };
      parts.push(textChunk(INFOTEXT, writeInfotext(top.recipe)), textChunk(KEYWORD, JSON.stringify(notes)));
    }
    parts.push(chunk.whole);
  }
  return concatenate(parts);
}

/** Reads the recipes out of a PNG; empty when there are none, or none that can be understood. */
export function readRecipes(png: Uint8Array): RecipeNote[] {
  try {
    for (const chunk of chunksOf(png)) {
      if (!isOurs(chunk)) continue;
      // keyword, NUL, compression flag, method, language, NUL, translated keyword, NUL, text
      const text = new TextDecoder('utf-8', { fatal: true }).decode(chunk.data.subarray(KEYWORD.length + 5));
      const notes = notesSchema.safeParse(JSON.parse(text));
      return notes.success ? notes.data.recipes : [];
    }
  } catch {
    return [];
  }
  return [];
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  readonly whole: Uint8Array;
}

function* chunksOf(png: Uint8Array): Generator<Chunk> {
  if (!SIGNATURE.every((byte, index) => png[index] === byte)) throw new RangeError('not a PNG file');
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = SIGNATURE.length; at < png.byteLength;) {
    if (at + 12 > png.byteLength) throw new RangeError('PNG ends inside a chunk');
    const length = view.getUint32(at);
    if (at + 12 + length > png.byteLength) throw new RangeError('PNG chunk is longer than the file');
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    yield { type, data: png.subarray(at + 8, at + 8 + length), whole: png.subarray(at, at + 12 + length) };
    at += 12 + length;
  }
}

function isOurs({ type, data }: Chunk): boolean {
  const keyword = String.fromCharCode(...data.subarray(0, KEYWORD.length + 1));
  return type === 'iTXt' && data.byteLength <= MAX_TEXT_BYTES && keyword === `${KEYWORD}\0`;
}

function isInfotext({ type, data }: Chunk): boolean {
  const keyword = String.fromCharCode(...data.subarray(0, INFOTEXT.length + 1));
  return ['tEXt', 'zTXt', 'iTXt'].includes(type) && keyword === `${INFOTEXT}\0`;
}

function textChunk(keyword: string, text: string): Uint8Array {
  const body = new TextEncoder().encode(`iTXt${keyword}\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(body.byteLength + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.byteLength - 4);
  chunk.set(body, 4);
  view.setUint32(body.byteLength + 4, crc32(body));
  return chunk;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.byteLength;
  }
  return joined;
}
