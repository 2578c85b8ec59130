import type { StoredTile } from '../tiles/stored-tile.ts';
import { TILE_SIZE, tileSamples, type PixelFormat, type Samples } from '../tiles/tile.ts';
import { BLOCK_SIZE, BLOCKS_PER_TILE } from './block.ts';

/** A bit for each of a tile's 16 blocks, row by row. */
interface TileFacts {
  /** Blocks without any alpha. */
  readonly empty: number;
  /** Blocks with full alpha everywhere. */
  readonly opaque: number;
}

const known = new WeakMap<StoredTile, TileFacts>();

/** What a document's tile has in each block. Looked up once a tile, since such tiles never change. */
export function tileFacts(tile: StoredTile, format: PixelFormat): TileFacts {
  const kept = known.get(tile);
  if (kept) return kept;
  let empty = 0;
  let opaque = 0;
  const samples = tileSamples(tile.pixels(), format);
  for (let block = 0; block < BLOCKS_PER_TILE * BLOCKS_PER_TILE; block++) {
    const { least, most } = alphaRange(
      samples,
      format.maximum,
      block % BLOCKS_PER_TILE,
      Math.floor(block / BLOCKS_PER_TILE),
    );
    if (most === 0) empty |= 1 << block;
    if (least === format.maximum) opaque |= 1 << block;
  }
  const facts = { empty, opaque };
  known.set(tile, facts);
  return facts;
}

function alphaRange(
  samples: Samples,
  maximum: number,
  bx: number,
  by: number,
): { least: number; most: number } {
  let least = maximum;
  let most = 0;
  for (let y = 0; y < BLOCK_SIZE; y++) {
    const start = ((by * BLOCK_SIZE + y) * TILE_SIZE + bx * BLOCK_SIZE) * 4 + 3;
    for (let i = start; i < start + BLOCK_SIZE * 4; i += 4) {
      const alpha = samples[i] as number;
      if (alpha < least) least = alpha;
      if (alpha > most) most = alpha;
    }
    if (least === 0 && most > 0 && most < maximum) break;
  }
  return { least, most };
}
