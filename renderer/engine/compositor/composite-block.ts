import { TILE_SIZE } from '../tiles/tile.ts';
import { BLOCK_SIZE, type BlockRegion } from './block.ts';
import { blendNonSeparable, isNonSeparable } from './blend-non-separable.ts';
import { blendSeparable } from './blend-separable.ts';
import { dissolveThreshold } from './dissolve.ts';

const DISSOLVE = 16;

/** Value / 255 for each byte: exact at 0 and 1. */
const UNIT = Float64Array.from({ length: 256 }, (_, value) => value / 255);

const mixed = new Float64Array(3);

function tileOffset(region: BlockRegion, y: number): number {
  return ((region.by * BLOCK_SIZE + y) * TILE_SIZE + region.bx * BLOCK_SIZE + region.x0) * 4;
}

/** Reads a tile's block (RGBA8, straight) into `out` (premultiplied, 0..1). */
export function loadTile(out: Float32Array, tile: Uint8Array, region: BlockRegion): void {
  for (let y = region.y0; y < region.y1; y++) {
    let from = tileOffset(region, y);
    let to = (y * BLOCK_SIZE + region.x0) * 4;
    for (let x = region.x0; x < region.x1; x++, from += 4, to += 4) {
      const alpha = UNIT[tile[from + 3] ?? 0] ?? 0;
      out[to] = (UNIT[tile[from] ?? 0] ?? 0) * alpha;
      out[to + 1] = (UNIT[tile[from + 1] ?? 0] ?? 0) * alpha;
      out[to + 2] = (UNIT[tile[from + 2] ?? 0] ?? 0) * alpha;
      out[to + 3] = alpha;
    }
  }
}

/** Source-over of a tile's block in normal mode, without the detour through a buffer. */
export function compositeTileNormal(
  backdrop: Float32Array,
  tile: Uint8Array,
  region: BlockRegion,
  opacity: number,
): void {
  for (let y = region.y0; y < region.y1; y++) {
    let from = tileOffset(region, y);
    let to = (y * BLOCK_SIZE + region.x0) * 4;
    for (let x = region.x0; x < region.x1; x++, from += 4, to += 4) {
      const byte = tile[from + 3] as number;
      if (byte === 0) continue;
      const alpha = (UNIT[byte] as number) * opacity;
      const rest = 1 - alpha;
      backdrop[to] = (UNIT[tile[from] as number] as number) * alpha + rest * (backdrop[to] as number);
      backdrop[to + 1] =
        (UNIT[tile[from + 1] as number] as number) * alpha + rest * (backdrop[to + 1] as number);
      backdrop[to + 2] =
        (UNIT[tile[from + 2] as number] as number) * alpha + rest * (backdrop[to + 2] as number);
      backdrop[to + 3] = alpha + rest * (backdrop[to + 3] as number);
    }
  }
}

/**
 * Composites a source over a backdrop in place, both premultiplied 0..1: W3C Compositing and Blending Level 1,
 * section 5.6: co = (1 - αs) cb + αs ((1 - αb) Cs + αb B(Cb, Cs)), αo = αs + αb (1 - αs).
 * @param mode number of the blend mode.
 */
export function compositeOver(
  backdrop: Float32Array,
  source: Float32Array,
  region: BlockRegion,
  opacity: number,
  mode: number,
): void {
  const nonSeparable = isNonSeparable(mode);
  const left = region.tx * TILE_SIZE + region.bx * BLOCK_SIZE;
  const top = region.ty * TILE_SIZE + region.by * BLOCK_SIZE;
  for (let y = region.y0; y < region.y1; y++) {
    let i = (y * BLOCK_SIZE + region.x0) * 4;
    for (let x = region.x0; x < region.x1; x++, i += 4) {
      const sourceAlpha = source[i + 3] as number;
      if (sourceAlpha === 0) continue;
      let as = sourceAlpha * opacity;
      if (mode === DISSOLVE) as = as > dissolveThreshold(left + x, top + y) ? 1 : 0;
      const rs = (source[i] as number) / sourceAlpha;
      const gs = (source[i + 1] as number) / sourceAlpha;
      const bs = (source[i + 2] as number) / sourceAlpha;
      const ab = backdrop[i + 3] as number;
      const rest = 1 - as;
      let r = rs;
      let g = gs;
      let b = bs;
      if (mode !== 0 && mode !== DISSOLVE && ab > 0) {
        const rb = (backdrop[i] as number) / ab;
        const gb = (backdrop[i + 1] as number) / ab;
        const bb = (backdrop[i + 2] as number) / ab;
        if (nonSeparable) {
          blendNonSeparable(mode, mixed, rb, gb, bb, rs, gs, bs);
          r = mixed[0] as number;
          g = mixed[1] as number;
          b = mixed[2] as number;
        } else {
          r = blendSeparable(mode, rb, rs);
          g = blendSeparable(mode, gb, gs);
          b = blendSeparable(mode, bb, bs);
        }
        r = (1 - ab) * rs + ab * r;
        g = (1 - ab) * gs + ab * g;
        b = (1 - ab) * bs + ab * b;
      }
      backdrop[i] = rest * (backdrop[i] as number) + as * r;
      backdrop[i + 1] = rest * (backdrop[i + 1] as number) + as * g;
      backdrop[i + 2] = rest * (backdrop[i + 2] as number) + as * b;
      backdrop[i + 3] = as + ab * rest;
    }
  }
}

/**
 * Composites a clipped layer onto its base in place: the base's alpha stays, and within it colours blend as on an opaque
 * backdrop, as PSD's "blend clipped layers as group" does.
 */
export function compositeClipped(
  base: Float32Array,
  source: Float32Array,
  region: BlockRegion,
  opacity: number,
  mode: number,
): void {
  const nonSeparable = isNonSeparable(mode);
  const left = region.tx * TILE_SIZE + region.bx * BLOCK_SIZE;
  const top = region.ty * TILE_SIZE + region.by * BLOCK_SIZE;
  for (let y = region.y0; y < region.y1; y++) {
    let i = (y * BLOCK_SIZE + region.x0) * 4;
    for (let x = region.x0; x < region.x1; x++, i += 4) {
      const sourceAlpha = source[i + 3] as number;
      const ab = base[i + 3] as number;
      if (sourceAlpha === 0 || ab === 0) continue;
      let as = sourceAlpha * opacity;
      if (mode === DISSOLVE) as = as > dissolveThreshold(left + x, top + y) ? 1 : 0;
      const rs = (source[i] as number) / sourceAlpha;
      const gs = (source[i + 1] as number) / sourceAlpha;
      const bs = (source[i + 2] as number) / sourceAlpha;
      const rb = (base[i] as number) / ab;
      const gb = (base[i + 1] as number) / ab;
      const bb = (base[i + 2] as number) / ab;
      if (nonSeparable) blendNonSeparable(mode, mixed, rb, gb, bb, rs, gs, bs);
      else {
        mixed[0] = blendSeparable(mode, rb, rs);
        mixed[1] = blendSeparable(mode, gb, gs);
        mixed[2] = blendSeparable(mode, bb, bs);
      }
      base[i] = ab * ((1 - as) * rb + as * (mixed[0] as number));
      base[i + 1] = ab * ((1 - as) * gb + as * (mixed[1] as number));
      base[i + 2] = ab * ((1 - as) * bb + as * (mixed[2] as number));
    }
  }
}

/** Mixes a pass-through group's result into what lay under it: backdrop = backdrop + opacity (result - backdrop). */
export function mixThrough(
  backdrop: Float32Array,
  result: Float32Array,
  region: BlockRegion,
  opacity: number,
): void {
  for (let y = region.y0; y < region.y1; y++) {
    const end = (y * BLOCK_SIZE + region.x1) * 4;
    for (let i = (y * BLOCK_SIZE + region.x0) * 4; i < end; i++) {
      const before = backdrop[i] as number;
      backdrop[i] = before + opacity * ((result[i] as number) - before);
    }
  }
}
