import type { Affine } from '../transform/affine.ts';
import { EMPTY_RECT, isEmptyRect, type Rect } from '../geometry/rect.ts';
import { TILE_SIZE, tileKey } from '../tiles/tile.ts';
import { brushWith, type Brush, type DualTip, type Sample } from './brush.ts';
import { DabSource } from './dab-source.ts';
import { StrokeBuffer } from './stroke-buffer.ts';
import type { TilePart } from './tip.ts';

/** The second tip of a stroke: what it covers along the same path, apart from the first. */
export class DualCover {
  readonly #source: DabSource;
  readonly #buffer: StrokeBuffer;
  readonly #covers = new Map<number, Float32Array>();
  readonly #dirty: Rect[] = [];

  constructor(brush: Brush, dual: DualTip, seed: number, symmetry: readonly Affine[], clip: Rect) {
    const second = secondBrush(brush, dual);
    this.#source = new DabSource(second, seed ^ 0x2545f491, symmetry);
    this.#buffer = new StrokeBuffer(clip, second);
  }

  extend(samples: readonly Sample[]): void {
    this.#source.extend(samples, (dab) => this.#buffer.stamp(dab));
    this.#note();
  }

  finish(): void {
    this.#source.finish((dab) => this.#buffer.stamp(dab));
    this.#note();
  }

  /** What was covered since the last call, a rectangle a tile at most. */
  takeDirty(): Rect[] {
    return this.#dirty.splice(0);
  }

  /** What the second tip covers of a tile, 0..1; undefined where it has not been. */
  cover(tx: number, ty: number): Float32Array | undefined {
    return this.#covers.get(tileKey(tx, ty));
  }

  /** Multiplies weights by what the second tip covers. */
  letThrough(tx: number, ty: number, weights: Float32Array, part: TilePart): void {
    const cover = this.cover(tx, ty);
    for (let y = part.y0; y < part.y1; y++) {
      const from = y * TILE_SIZE + part.x0;
      const to = y * TILE_SIZE + part.x1;
      if (!cover) weights.fill(0, from, to);
      else for (let i = from; i < to; i++) weights[i] = (weights[i] as number) * (cover[i] as number);
    }
  }

  #note(): void {
    for (const tile of this.#buffer.tiles()) {
      this.#covers.set(tileKey(tile.tx, tile.ty), tile.cover);
      if (isEmptyRect(tile.dirty)) continue;
      this.#dirty.push(tile.dirty);
      tile.dirty = EMPTY_RECT;
    }
  }
}

/** The second tip follows the first one's path and size; what else the pen does is left to the first. */
function secondBrush(brush: Brush, dual: DualTip): Brush {
  return brushWith({
    size: Math.min(4096, Math.max(0.5, brush.size * dual.size)),
    tip: dual.tip,
    bitmap: dual.bitmap,
    spacing: dual.spacing,
    scatter: dual.scatter,
    count: dual.count,
    hardness: dual.hardness,
    stabiliser: brush.stabiliser,
    string: brush.string,
    finishes: brush.finishes,
    dynamics: {
      ...(brush.dynamics.size ? { size: brush.dynamics.size } : {}),
      // A second tip that always lay the same way would show its repetition.
      ...(dual.tip === 'round'
        ? {}
        : {
            angle: [
              {
                sensor: 'random' as const,
                curve: [
                  [0, 0],
                  [1, 1],
                ] as const,
              },
            ],
          }),
    },
  });
}
