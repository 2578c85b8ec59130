import { TILE_SIZE } from '../tiles/tile.ts';
import type { Grain } from './brush.ts';
import { hash, TileableNoise } from './value-noise.ts';

const made = new Map<string, Float32Array>();
const KEPT = 16;

/**
 * A surface as one tile of 65,536 factors 0..1, the same for every tile of the document: patterns repeat after 256
 * pixels, so a grain index is a pixel index. Made once and kept.
 */
export function grainTile({ pattern, size, depth }: Grain): Float32Array | null {
  if (depth === 0) return null;
  const key = `${pattern}/${size}/${depth}`;
  const kept = made.get(key);
  if (kept) return kept;
  const height = heightOf(pattern, size);
  const tile = Float32Array.from({ length: TILE_SIZE * TILE_SIZE }, (_, i) => {
    const high = height((i % TILE_SIZE) / TILE_SIZE, Math.floor(i / TILE_SIZE) / TILE_SIZE);
    return 1 - depth * (1 - Math.min(1, Math.max(0, high)));
  });
  const oldest = made.keys().next();
  if (made.size >= KEPT && !oldest.done) made.delete(oldest.value);
  made.set(key, tile);
  return tile;
}

/** How high a surface stands at (u, v), 0..1 over a tile. */
function heightOf(pattern: Grain['pattern'], size: number): (u: number, v: number) => number {
  const cells = TILE_SIZE / size;
  switch (pattern) {
    case 'noise':
      return (u, v) => contrast(hash(Math.floor(v * cells) * 4096 + Math.floor(u * cells), 3), 1.2);
    case 'canvas':
      return weave(Math.max(2, Math.round(cells / 2)), new TileableNoise(cells, cells, 11));
    case 'fibre': {
      const long = new TileableNoise(cells / 8, cells, 5);
      const fine = new TileableNoise(cells / 4, cells * 2, 6);
      return (u, v) => contrast(0.65 * long.at(u, v) + 0.35 * fine.at(u, v), 2.2);
    }
    case 'paper': {
      const coarse = new TileableNoise(cells / 3, cells / 3, 1);
      const middle = new TileableNoise(cells, cells, 2);
      const fine = new TileableNoise(cells * 2, cells * 2, 4);
      const finest = new TileableNoise(cells * 4, cells * 4, 8);
      const [east, south] = [
        new TileableNoise(cells * 0.8, cells * 0.8, 9),
        new TileableNoise(cells * 0.8, cells * 0.8, 10),
      ];
      // Noise on a lattice shows its squares where cells are large: the lattice is bent by most of a cell.
      const bend = 1.4 / cells;
      return (u, v) => {
        const x = u + (east.at(u, v) - 0.5) * bend;
        const y = v + (south.at(u, v) - 0.5) * bend;
        const rough = 0.3 * fine.at(y, x) + 0.1 * finest.at(u, v);
        return contrast(0.18 * coarse.at(x, y) + 0.42 * middle.at(x, y) + rough, 2.6);
      };
    }
  }
}

/** Threads over and under each other, a little uneven. */
function weave(threads: number, uneven: TileableNoise): (u: number, v: number) => number {
  return (u, v) => {
    const x = u * threads;
    const y = v * threads;
    const over = (Math.floor(x) + Math.floor(y)) % 2 === 0;
    const across = Math.sin(Math.PI * (x - Math.floor(x)));
    const along = Math.sin(Math.PI * (y - Math.floor(y)));
    const thread = over ? across * (0.6 + 0.4 * along) : along * (0.6 + 0.4 * across);
    return contrast(0.8 * thread + 0.3 * uneven.at(u, v), 1.3);
  };
}

function contrast(value: number, by: number): number {
  return (value - 0.5) * by + 0.5;
}
