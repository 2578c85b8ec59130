import { TILE_SIZE, tileSamples, tileWords, type PixelFormat, type Samples } from '../tiles/tile.ts';
import type { ColourAdjuster } from '../adjust/adjust-colours.ts';
import { BLOCK_SIZE, type BlockRegion } from './block.ts';
import { blendRow, DISSOLVE, makeBlendRow } from './blend-row.ts';
import { dissolveThreshold } from './dissolve.ts';

const row = makeBlendRow();

/** How something is laid over a backdrop. */
export interface BlendHow {
  readonly opacity: number;
  /** Number of the blend mode. */
  readonly mode: number;
  /** Fill opacity in a mode that takes it into the source (see fill-opacity.ts); 1 in every other. */
  readonly fill: number;
}

/** Index in a tile's words of the region's first pixel in row `y`. */
function tileIndex(region: BlockRegion, y: number): number {
  return (region.by * BLOCK_SIZE + y) * TILE_SIZE + region.bx * BLOCK_SIZE + region.x0;
}

/** Reads a tile's block (straight) into `out` (premultiplied, 0..1). */
export function loadTile(
  out: Float32Array,
  tile: Uint8Array,
  format: PixelFormat,
  region: BlockRegion,
): void {
  const samples = tileSamples(tile, format);
  const { maximum } = format;
  for (let y = region.y0; y < region.y1; y++) {
    let from = tileIndex(region, y) * 4;
    let to = (y * BLOCK_SIZE + region.x0) * 4;
    for (let x = region.x0; x < region.x1; x++, from += 4, to += 4) {
      const alpha = (samples[from + 3] as number) / maximum;
      const scale = alpha / maximum;
      out[to] = (samples[from] as number) * scale;
      out[to + 1] = (samples[from + 1] as number) * scale;
      out[to + 2] = (samples[from + 2] as number) * scale;
      out[to + 3] = alpha;
    }
  }
}

/**
 * Composites a tile's block over a backdrop in place, as `compositeOver` does, straight from its samples.
 * @param how opacity, number of the blend mode, and fill opacity where the mode takes it into the source.
 */
export function compositeTile(
  backdrop: Float32Array,
  tile: Uint8Array,
  format: PixelFormat,
  region: BlockRegion,
  how: BlendHow,
): void {
  const { opacity, mode, fill } = how;
  const count = region.x1 - region.x0;
  const deep = format.depth === 16;
  const words = deep ? null : tileWords(tile);
  const samples = deep ? tileSamples(tile, format) : null;
  for (let y = region.y0; y < region.y1; y++) {
    const from = tileIndex(region, y);
    const to = (y * BLOCK_SIZE + region.x0) * 4;
    if (words && mode === 0) {
      tileRowNormal(backdrop, to, words, from, count, opacity);
    } else {
      if (words) loadTileRow(words, from, count, opacity);
      else if (samples) loadSamplesRow(samples, format.maximum, from, count, opacity);
      overRow(backdrop, to, region, y, mode, fill);
    }
  }
}

function tileRowNormal(
  backdrop: Float32Array,
  to: number,
  words: Uint32Array,
  from: number,
  count: number,
  opacity: number,
): void {
  const unit = opacity / 255;
  const end = from + count;
  for (; from < end; from++, to += 4) {
    const word = words[from] as number;
    const byte = word >>> 24;
    if (byte === 0) continue;
    const alpha = byte * unit;
    const scale = alpha / 255;
    const rest = 1 - alpha;
    backdrop[to] = (word & 255) * scale + rest * (backdrop[to] as number);
    backdrop[to + 1] = ((word >>> 8) & 255) * scale + rest * (backdrop[to + 1] as number);
    backdrop[to + 2] = ((word >>> 16) & 255) * scale + rest * (backdrop[to + 2] as number);
    backdrop[to + 3] = alpha + rest * (backdrop[to + 3] as number);
  }
}

/** Takes a row of an 8-bit tile as the source. */
function loadTileRow(words: Uint32Array, from: number, count: number, opacity: number): void {
  const { source, sourceAlpha } = row;
  const unit = opacity / 255;
  for (let x = 0; x < count; x++) {
    const word = words[from + x] as number;
    source[x * 3] = (word & 255) / 255;
    source[x * 3 + 1] = ((word >>> 8) & 255) / 255;
    source[x * 3 + 2] = ((word >>> 16) & 255) / 255;
    sourceAlpha[x] = (word >>> 24) * unit;
  }
}

/** Takes a row of a tile of any depth as the source. */
function loadSamplesRow(
  samples: Samples,
  maximum: number,
  from: number,
  count: number,
  opacity: number,
): void {
  const { source, sourceAlpha } = row;
  const unit = opacity / maximum;
  for (let x = 0, i = from * 4; x < count; x++, i += 4) {
    source[x * 3] = (samples[i] as number) / maximum;
    source[x * 3 + 1] = (samples[i + 1] as number) / maximum;
    source[x * 3 + 2] = (samples[i + 2] as number) / maximum;
    sourceAlpha[x] = (samples[i + 3] as number) * unit;
  }
}

/**
 * Composites a source over a backdrop in place, both premultiplied 0..1: W3C Compositing and Blending Level 1,
 * section 5.6: co = (1 - αs) cb + αs ((1 - αb) Cs + αb B(Cb, Cs)), αo = αs + αb (1 - αs).
 * With a fill opacity f in the source: co = (1 - αs) cb + αs ((1 - αb) f Cs + αb B(Cb, Cs)), αo = αb + αs f (1 - αb).
 */
export function compositeOver(
  backdrop: Float32Array,
  source: Float32Array,
  region: BlockRegion,
  { opacity, mode, fill }: BlendHow,
): void {
  const count = region.x1 - region.x0;
  for (let y = region.y0; y < region.y1; y++) {
    const at = (y * BLOCK_SIZE + region.x0) * 4;
    if (mode === 0) {
      bufferRowNormal(backdrop, source, at, count, opacity);
      continue;
    }
    loadSource(source, at, count, opacity);
    overRow(backdrop, at, region, y, mode, fill);
  }
}

function bufferRowNormal(
  backdrop: Float32Array,
  source: Float32Array,
  at: number,
  count: number,
  opacity: number,
): void {
  for (let i = at; i < at + count * 4; i += 4) {
    const alpha = (source[i + 3] as number) * opacity;
    if (alpha === 0) continue;
    const rest = 1 - alpha;
    backdrop[i] = (source[i] as number) * opacity + rest * (backdrop[i] as number);
    backdrop[i + 1] = (source[i + 1] as number) * opacity + rest * (backdrop[i + 1] as number);
    backdrop[i + 2] = (source[i + 2] as number) * opacity + rest * (backdrop[i + 2] as number);
    backdrop[i + 3] = alpha + rest * (backdrop[i + 3] as number);
  }
}

/** Takes a row of premultiplied pixels as the source, straight. */
function loadSource(pixels: Float32Array, at: number, count: number, opacity: number): void {
  const { source, sourceAlpha } = row;
  for (let x = 0, i = at; x < count; x++, i += 4) {
    const alpha = pixels[i + 3] as number;
    sourceAlpha[x] = alpha * opacity;
    const scale = alpha > 0 ? 1 / alpha : 1;
    source[x * 3] = (pixels[i] as number) * scale;
    source[x * 3 + 1] = (pixels[i + 1] as number) * scale;
    source[x * 3 + 2] = (pixels[i + 2] as number) * scale;
  }
}

/** Takes a row of premultiplied pixels as the backdrop, straight. */
function loadBackdrop(pixels: Float32Array, at: number, count: number): void {
  const { backdrop } = row;
  for (let x = 0, i = at; x < count; x++, i += 4) {
    const alpha = pixels[i + 3] as number;
    const scale = alpha > 0 ? 1 / alpha : 1;
    backdrop[x * 3] = (pixels[i] as number) * scale;
    backdrop[x * 3 + 1] = (pixels[i + 1] as number) * scale;
    backdrop[x * 3 + 2] = (pixels[i + 2] as number) * scale;
  }
}

function dissolveRow(region: BlockRegion, y: number): void {
  const { sourceAlpha } = row;
  const left = region.tx * TILE_SIZE + region.bx * BLOCK_SIZE + region.x0;
  const top = region.ty * TILE_SIZE + region.by * BLOCK_SIZE + y;
  for (let x = 0; x < region.x1 - region.x0; x++) {
    sourceAlpha[x] = (sourceAlpha[x] as number) > dissolveThreshold(left + x, top) ? 1 : 0;
  }
}

/** Source-over of the loaded source row onto the backdrop's row `y` of the region, which starts at `at`. */
function overRow(
  pixels: Float32Array,
  at: number,
  region: BlockRegion,
  y: number,
  mode: number,
  fill: number,
): void {
  const { source, sourceAlpha, mixed } = row;
  const count = region.x1 - region.x0;
  if (mode === DISSOLVE) dissolveRow(region, y);
  loadBackdrop(pixels, at, count);
  blendRow(row, mode, count, fill);
  for (let x = 0, i = at; x < count; x++, i += 4) {
    const as = sourceAlpha[x] as number;
    if (as === 0) continue;
    const ab = pixels[i + 3] as number;
    const rest = 1 - as;
    // Cs where there is no backdrop, B(Cb, Cs) where there is.
    const alone = as * (1 - ab) * fill;
    const both = as * ab;
    const j = x * 3;
    pixels[i] = rest * (pixels[i] as number) + alone * (source[j] as number) + both * (mixed[j] as number);
    pixels[i + 1] =
      rest * (pixels[i + 1] as number) + alone * (source[j + 1] as number) + both * (mixed[j + 1] as number);
    pixels[i + 2] =
      rest * (pixels[i + 2] as number) + alone * (source[j + 2] as number) + both * (mixed[j + 2] as number);
    pixels[i + 3] = rest * ab + alone + both;
  }
}

/**
 * Composites a clipped layer onto its base in place: the base's alpha stays, and within it colours blend as on an opaque
 * backdrop, as PSD's "blend clipped layers as group" does.
 */
export function compositeClipped(
  base: Float32Array,
  pixels: Float32Array,
  region: BlockRegion,
  { opacity, mode, fill }: BlendHow,
): void {
  const { sourceAlpha, mixed } = row;
  const count = region.x1 - region.x0;
  for (let y = region.y0; y < region.y1; y++) {
    const at = (y * BLOCK_SIZE + region.x0) * 4;
    loadSource(pixels, at, count, opacity);
    if (mode === DISSOLVE) dissolveRow(region, y);
    loadBackdrop(base, at, count);
    blendRow(row, mode, count, fill);
    for (let x = 0, i = at; x < count; x++, i += 4) {
      const as = sourceAlpha[x] as number;
      if (as === 0) continue;
      const rest = 1 - as;
      const both = as * (base[i + 3] as number);
      base[i] = rest * (base[i] as number) + both * (mixed[x * 3] as number);
      base[i + 1] = rest * (base[i + 1] as number) + both * (mixed[x * 3 + 1] as number);
      base[i + 2] = rest * (base[i + 2] as number) + both * (mixed[x * 3 + 2] as number);
    }
  }
}

/**
 * Mixes a pass-through group's result into what lay under it: backdrop = backdrop + opacity (result - backdrop).
 * @param mask a value a pixel that the opacity is multiplied by, or null.
 */
export function mixThrough(
  backdrop: Float32Array,
  result: Float32Array,
  region: BlockRegion,
  opacity: number,
  mask: Float32Array | null,
): void {
  for (let y = region.y0; y < region.y1; y++) {
    const end = (y * BLOCK_SIZE + region.x1) * 4;
    for (let i = (y * BLOCK_SIZE + region.x0) * 4; i < end; i++) {
      const before = backdrop[i] as number;
      const share = mask ? opacity * (mask[i >> 2] as number) : opacity;
      backdrop[i] = before + share * ((result[i] as number) - before);
    }
  }
}

/**
 * Fills `out` with a backdrop's colours after an adjustment, opaque: what an adjustment layer lays over it.
 * @param backdrop premultiplied.
 */
export function loadAdjusted(
  out: Float32Array,
  backdrop: Float32Array,
  region: BlockRegion,
  adjust: ColourAdjuster,
): void {
  const colours = row.backdrop;
  const count = region.x1 - region.x0;
  for (let y = region.y0; y < region.y1; y++) {
    const at = (y * BLOCK_SIZE + region.x0) * 4;
    loadBackdrop(backdrop, at, count);
    // Rounding may leave a colour just beyond its alpha, where a formula has no meaning.
    for (let i = 0; i < count * 3; i++) colours[i] = Math.min(1, colours[i] as number);
    adjust(colours, count);
    for (let x = 0, i = at; x < count; x++, i += 4) {
      out[i] = colours[x * 3] as number;
      out[i + 1] = colours[x * 3 + 1] as number;
      out[i + 2] = colours[x * 3 + 2] as number;
      out[i + 3] = 1;
    }
  }
}
