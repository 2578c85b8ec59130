import { tileWords, type PixelFormat } from './tile.ts';

/** A packed tile larger than this share of its pixels is not worth unpacking. */
const WORTH = 0.8;

/**
 * Codes of a byte. Two bits tell the first three apart: a pixel seen lately (place in the table), small differences of red,
 * green and blue (-2 … 1 each), green's difference (-32 … 31) with red's and blue's from it (-8 … 7) in a second byte.
 * The rest repeats the pixel before up to 61 times, or says in full what is another.
 */
const SEEN = 0x00;
const SMALL = 0x40;
const LUMA = 0x80;
const RUN = 0xc0;
const LONGEST_RUN = 61;
const ALPHA = 0xfd;
const COLOUR = 0xfe;
const PIXEL = 0xff;

/** Where tiles are packed before their size is known: thousands of arrays that are dropped at once would fill the memory. */
let scratch = new Uint8Array(0);

/** Place of a pixel in the table of 64 that were seen lately. */
function placeOf(word: number): number {
  return (Math.imul(word, 0x9e3779b1) >>> 26) & 63;
}

/**
 * Packs a tile without loss and quickly, for memory and never for a file, much as QOI does (qoiformat.org, 2021): a pixel
 * is told by the one before it or by one of 64 seen lately. Deep tiles are packed as their high and their low bytes; masks
 * as four pixels at a time.
 * @param data as `alignedTile` gives it.
 * @returns null where packing gains too little, as with noise.
 */
export function packTile(data: Uint8Array, format: PixelFormat): Uint8Array<ArrayBuffer> | null {
  const limit = Math.floor(format.tileBytes * WORTH);
  if (scratch.length < limit + 8) scratch = new Uint8Array(limit + 8);
  const out = scratch;
  let length = 0;
  for (const words of isDeepColour(format) ? splitBytes(data) : [tileWords(data)]) {
    length = packWords(words, out, length, limit);
    if (length > limit) return null;
  }
  return out.slice(0, length);
}

/** The pixels that were packed, in an array of their own. */
export function unpackTile(packed: Uint8Array, format: PixelFormat): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(format.tileBytes);
  if (!isDeepColour(format)) {
    unpackWords(packed, 0, tileWords(data));
    return data;
  }
  const high = new Uint32Array(data.length / 8);
  const low = new Uint32Array(data.length / 8);
  unpackWords(packed, unpackWords(packed, 0, high), low);
  joinBytes(new Uint8Array(high.buffer), new Uint8Array(low.buffer), data);
  return data;
}

function isDeepColour({ depth, channels }: PixelFormat): boolean {
  return depth === 16 && channels === 4;
}

function splitBytes(data: Uint8Array): Uint32Array[] {
  const high = new Uint8Array(data.length / 2);
  const low = new Uint8Array(data.length / 2);
  for (let i = 0; i < high.length; i++) {
    low[i] = data[2 * i] as number;
    high[i] = data[2 * i + 1] as number;
  }
  return [new Uint32Array(high.buffer), new Uint32Array(low.buffer)];
}

function joinBytes(high: Uint8Array, low: Uint8Array, data: Uint8Array): void {
  for (let i = 0; i < high.length; i++) {
    data[2 * i] = low[i] as number;
    data[2 * i + 1] = high[i] as number;
  }
}

/** @returns where the packed words end; beyond `limit` they are not whole. */
function packWords(words: Uint32Array, out: Uint8Array, from: number, limit: number): number {
  const seen = new Uint32Array(64);
  let at = from;
  let before = 0;
  for (let i = 0; i < words.length && at <= limit; i++) {
    const word = words[i] as number;
    if (word === before) {
      let run = 1;
      while (run < LONGEST_RUN && words[i + 1] === word) {
        run++;
        i++;
      }
      out[at++] = RUN + run - 1;
      continue;
    }
    const place = placeOf(word);
    if (seen[place] === word) out[at++] = SEEN + place;
    else {
      seen[place] = word;
      at = packPixel(word, before, out, at);
    }
    before = word;
  }
  return at;
}

function packPixel(word: number, before: number, out: Uint8Array, from: number): number {
  let at = from;
  if (word >>> 24 !== before >>> 24) {
    if (((word ^ before) & 0xffffff) === 0) out[at++] = ALPHA;
    else {
      out[at++] = PIXEL;
      at = putColour(word, out, at);
    }
    out[at++] = word >>> 24;
    return at;
  }
  const red = (((word & 255) - (before & 255)) << 24) >> 24;
  const green = ((((word >> 8) & 255) - ((before >> 8) & 255)) << 24) >> 24;
  const blue = ((((word >> 16) & 255) - ((before >> 16) & 255)) << 24) >> 24;
  if (((red + 2) | (green + 2) | (blue + 2)) >>> 0 < 4)
    out[at++] = SMALL | ((red + 2) << 4) | ((green + 2) << 2) | (blue + 2);
  else if ((green + 32) >>> 0 < 64 && ((red - green + 8) | (blue - green + 8)) >>> 0 < 16) {
    out[at++] = LUMA | (green + 32);
    out[at++] = ((red - green + 8) << 4) | (blue - green + 8);
  } else {
    out[at++] = COLOUR;
    at = putColour(word, out, at);
  }
  return at;
}

function putColour(word: number, out: Uint8Array, at: number): number {
  out[at] = word;
  out[at + 1] = word >> 8;
  out[at + 2] = word >> 16;
  return at + 3;
}

/** @returns where the packed words ended. */
function unpackWords(packed: Uint8Array, from: number, words: Uint32Array): number {
  const seen = new Uint32Array(64);
  let at = from;
  let word = 0;
  for (let i = 0; i < words.length;) {
    const code = packed[at++] as number;
    if (code >= RUN && code < ALPHA) {
      const end = i + code - RUN + 1;
      while (i < end) words[i++] = word;
      continue;
    }
    if (code < SMALL) word = seen[code] as number;
    else {
      if (code < LUMA) word = shifted(word, ((code >> 4) & 3) - 2, ((code >> 2) & 3) - 2, (code & 3) - 2);
      else if (code < RUN) {
        const green = (code & 63) - 32;
        const rest = packed[at++] as number;
        word = shifted(word, green + (rest >> 4) - 8, green, green + (rest & 15) - 8);
      } else if (code === ALPHA) word = (word & 0xffffff) | ((packed[at++] as number) << 24);
      else {
        const colour =
          (packed[at] as number) | ((packed[at + 1] as number) << 8) | ((packed[at + 2] as number) << 16);
        at += 3;
        word = colour | (code === PIXEL ? (packed[at++] as number) << 24 : word & 0xff000000);
      }
      seen[placeOf(word)] = word;
    }
    words[i++] = word;
  }
  return at;
}

/** A pixel with its colours moved, each within its byte. */
function shifted(word: number, red: number, green: number, blue: number): number {
  return (
    ((word + red) & 255) |
    ((((word >> 8) + green) & 255) << 8) |
    ((((word >> 16) + blue) & 255) << 16) |
    (word & 0xff000000)
  );
}
