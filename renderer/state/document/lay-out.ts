import { type DocumentState, type TilePlace, unpackPlaces } from '../../../preload/contract/index.ts';
import type { PaintDocument } from '../../engine/document.ts';
import { holdsPixels } from '../../engine/layers/layer-record.ts';
import { StoredTile, type TileShelf } from '../../engine/tiles/stored-tile.ts';
import type { TileMap } from '../../engine/tiles/tile-map.ts';
import { colourFormat, maskFormat, TILE_SIZE } from '../../engine/tiles/tile.ts';
import type { StudioLink } from '../studio-link.ts';

/** Where a layer and its mask have pixels. */
interface LayerPlaces {
  readonly layerId: string;
  readonly pixels: readonly TilePlace[];
  readonly mask: readonly TilePlace[];
}

/**
 * Asks where the pixels of a document lie, where it may be larger than so many bytes.
 * @returns null where it is not: all of it had better be read at once.
 */
export async function layOut(
  link: StudioLink,
  state: DocumentState,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<LayerPlaces[] | null> {
  const format = colourFormat(state.depth);
  const across = Math.ceil(state.width / TILE_SIZE) * Math.ceil(state.height / TILE_SIZE);
  if (state.layers.length * across * format.tileBytes <= limit) return null;
  const layers: LayerPlaces[] = [];
  const different = new Set<string>();
  for (const { id: layerId, kind, mask } of state.layers) {
    if (!holdsPixels(kind) && mask === null) continue;
    signal?.throwIfAborted();
    const places = await link.request('documents.read-places', { documentId: state.id, layerId });
    layers.push({ layerId, pixels: unpackPlaces(places.pixels), mask: unpackPlaces(places.mask) });
    for (const { hash } of layers.at(-1)?.pixels ?? []) different.add(hash);
  }
  return different.size * format.tileBytes <= limit ? null : layers;
}

/** Puts tiles in place whose pixels lie on a shelf; equal ones are one tile. */
export function layAway(document: PaintDocument, layers: readonly LayerPlaces[], shelf: TileShelf): void {
  const { depth } = document.format;
  const known = new Map<string, StoredTile>();
  const put = (map: TileMap, places: readonly TilePlace[], format: TileMap['format']): void => {
    for (const { x, y, hash } of places) {
      const key = `${format.id} ${hash}`;
      const tile = known.get(key) ?? StoredTile.away(shelf, hash, format);
      known.set(key, tile);
      map.putAway(x, y, tile);
    }
  };
  for (const { layerId, pixels, mask } of layers) {
    const layer = document.layers.get(layerId);
    if (holdsPixels(layer.record.kind)) put(layer.tiles, pixels, colourFormat(depth));
    if (layer.record.mask !== null) put(layer.mask.tiles, mask, maskFormat(depth));
  }
}
