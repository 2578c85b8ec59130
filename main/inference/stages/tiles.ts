/** A rectangle of a plane. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Tiles of at most `edge` that cover a plane and lie over each other by at least `overlap`, evenly
 * spread, row by row.
 */
export function coverWithTiles(width: number, height: number, edge: number, overlap: number): Tile[] {
  const rows = starts(height, edge, overlap);
  const columns = starts(width, edge, overlap);
  return rows.flatMap((y) =>
    columns.map((x) => ({ x, y, width: Math.min(edge, width), height: Math.min(edge, height) })),
  );
}

function starts(length: number, edge: number, overlap: number): number[] {
  if (length <= edge) return [0];
  const count = Math.ceil((length - overlap) / (edge - overlap));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - edge)) / (count - 1)));
}

/** The same tile in a plane that is `factor` times as large. */
export function scaleTile({ x, y, width, height }: Tile, factor: number): Tile {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor };
}

/** The part of planes `[channels, height, width]` under a tile. */
export function cutTile(planes: Float32Array, width: number, height: number, tile: Tile): Float32Array {
  const channels = planes.length / (width * height);
  const cut = new Float32Array(channels * tile.width * tile.height);
  for (let c = 0; c < channels; c += 1) {
    for (let y = 0; y < tile.height; y += 1) {
      const from = (c * height + tile.y + y) * width + tile.x;
      cut.set(planes.subarray(from, from + tile.width), (c * tile.height + y) * tile.width);
    }
  }
  return cut;
}

/**
 * Puts tiles together. Where tiles lie over each other each counts the more the further a pixel is
 * inside of it, up to `overlap`, so that none has an edge in the sum.
 */
export class TileBlend {
  readonly #width: number;
  readonly #height: number;
  readonly #overlap: number;
  readonly #sum: Float32Array;
  readonly #weight: Float32Array;

  constructor(channels: number, width: number, height: number, overlap: number) {
    this.#width = width;
    this.#height = height;
    this.#overlap = overlap;
    this.#sum = new Float32Array(channels * width * height);
    this.#weight = new Float32Array(width * height);
  }

  /** Adds planes `[channels, tile.height, tile.width]`. */
  add(planes: Float32Array, tile: Tile): void {
    const area = this.#width * this.#height;
    const channels = this.#sum.length / area;
    for (let y = 0; y < tile.height; y += 1) {
      const down = this.#ramp(y, tile.height);
      for (let x = 0; x < tile.width; x += 1) {
        const weight = down * this.#ramp(x, tile.width);
        const at = (tile.y + y) * this.#width + tile.x + x;
        this.#weight[at] = (this.#weight[at] ?? 0) + weight;
        for (let c = 0; c < channels; c += 1) {
          const value = planes[(c * tile.height + y) * tile.width + x] ?? 0;
          this.#sum[c * area + at] = (this.#sum[c * area + at] ?? 0) + weight * value;
        }
      }
    }
  }

  /** The planes `[channels, height, width]`. */
  finish(): Float32Array {
    const area = this.#weight.length;
    return this.#sum.map((value, i) => value / (this.#weight[i % area] ?? 1));
  }

  #ramp(position: number, length: number): number {
    return Math.min(position + 1, length - position, this.#overlap) / this.#overlap;
  }
}
