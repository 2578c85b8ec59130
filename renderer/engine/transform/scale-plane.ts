import { intersectRect } from '../geometry/rect.ts';
import type { TileMap } from '../tiles/tile-map.ts';
import { TILE_SIZE, tileKey, tileRect, tileSamples, type Samples, type TileChange } from '../tiles/tile.ts';
import { lanczosTaps, type Taps } from './lanczos-taps.ts';

/** A size in whole pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One row of a plane within the canvas, colours times alpha. */
function readRow(tiles: TileMap, width: number, y: number, outside: number): Float32Array {
  const { channels } = tiles.format;
  const out = new Float32Array(width * channels).fill(channels === 1 ? outside : 0);
  const ty = Math.floor(y / TILE_SIZE);
  for (let tx = 0; tx * TILE_SIZE < width; tx++) {
    const tile = tiles.get(tx, ty);
    if (!tile) continue;
    const samples = tileSamples(tile, tiles.format);
    const { width: count } = intersectRect({ x: 0, y, width, height: 1 }, tileRect(tx, ty));
    let from = (y - ty * TILE_SIZE) * TILE_SIZE * channels;
    let to = tx * TILE_SIZE * channels;
    for (let x = 0; x < count; x++, from += channels, to += channels) {
      const alpha = channels === 1 ? 1 : (samples[from + 3] as number);
      for (let k = 0; k < Math.min(3, channels); k++) out[to + k] = (samples[from + k] as number) * alpha;
      if (channels === 4) out[to + 3] = alpha;
    }
  }
  return out;
}

function scaleRow(row: Float32Array, channels: number, { first, weights, count }: Taps): Float32Array {
  const out = new Float32Array(first.length * channels);
  for (let x = 0; x < first.length; x++) {
    for (let t = 0; t < count; t++) {
      const weight = weights[x * count + t] as number;
      if (weight === 0) continue;
      const at = ((first[x] as number) + t) * channels;
      for (let k = 0; k < channels; k++)
        out[x * channels + k] = (out[x * channels + k] as number) + weight * (row[at + k] as number);
    }
  }
  return out;
}

/** Finished rows, cut into tiles. */
class TileWriter {
  readonly #tiles: TileMap;
  readonly #outside: number;
  readonly #made = new Map<number, { x: number; y: number; data: Uint8Array; samples: Samples }>();

  constructor(tiles: TileMap, outside: number) {
    this.#tiles = tiles;
    this.#outside = outside;
  }

  write(y: number, line: Float32Array): void {
    const { channels, maximum } = this.#tiles.format;
    const limited = (value: number): number => Math.min(maximum, Math.max(0, Math.round(value)));
    for (let x = 0; x * channels < line.length; x++) {
      const samples = this.#tile(Math.floor(x / TILE_SIZE), Math.floor(y / TILE_SIZE));
      const to = ((y % TILE_SIZE) * TILE_SIZE + (x % TILE_SIZE)) * channels;
      const at = x * channels;
      if (channels === 1) {
        samples[to] = limited(line[at] as number);
        continue;
      }
      const alpha = line[at + 3] as number;
      if (alpha < 0.5) continue;
      for (let k = 0; k < 3; k++) samples[to + k] = limited((line[at + k] as number) / alpha);
      samples[to + 3] = limited(alpha);
    }
  }

  /** Every tile that holds something, and null for what was there and is not any more. */
  changes(): TileChange[] {
    const changes: TileChange[] = [];
    for (const { x, y, data, samples } of this.#made.values())
      changes.push({ x, y, data: samples.some((value) => value !== this.#outside) ? data : null });
    for (const { x, y } of this.#tiles.entries())
      if (!this.#made.has(tileKey(x, y))) changes.push({ x, y, data: null });
    return changes;
  }

  #tile(x: number, y: number): Samples {
    const key = tileKey(x, y);
    const known = this.#made.get(key);
    if (known) return known.samples;
    const { format } = this.#tiles;
    const data = new Uint8Array(format.tileBytes);
    const samples = tileSamples(data, format);
    if (this.#outside > 0) samples.fill(this.#outside);
    this.#made.set(key, { x, y, data, samples });
    return samples;
  }
}

/**
 * The tile changes that scale a plane from one canvas size to another: Lanczos with three lobes, widened when shrinking;
 * colours times alpha while they are averaged; the canvas's edges stay sharp. What lies beyond the canvas goes away.
 * @param outside value of every channel where there is no tile.
 */
export function scalePlane(tiles: TileMap, outside: number, from: Size, to: Size): TileChange[] {
  const { channels } = tiles.format;
  const across = lanczosTaps(from.width, to.width);
  const down = lanczosTaps(from.height, to.height);
  const rows = new Map<number, Float32Array>();
  const rowAt = (y: number): Float32Array => {
    const known = rows.get(y);
    if (known) return known;
    const made = scaleRow(readRow(tiles, from.width, y, outside), channels, across);
    rows.set(y, made);
    return made;
  };
  const writer = new TileWriter(tiles, outside);
  const line = new Float32Array(to.width * channels);
  for (let y = 0; y < to.height; y++) {
    const first = down.first[y] as number;
    for (const row of rows.keys()) if (row < first) rows.delete(row);
    line.fill(0);
    for (let t = 0; t < down.count; t++) {
      const weight = down.weights[y * down.count + t] as number;
      if (weight === 0) continue;
      const row = rowAt(first + t);
      for (let i = 0; i < line.length; i++) line[i] = (line[i] as number) + weight * (row[i] as number);
    }
    writer.write(y, line);
  }
  return writer.changes();
}
