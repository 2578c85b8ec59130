import type { Layer, PlaneName } from '../../engine/layers/layer.ts';
import type { ShownThrough } from '../../canvas/proof-map.ts';
import type { ColourSpace } from '../../engine/document-format.ts';
import { SPOTS, type StoredTile } from '../../engine/tiles/stored-tile.ts';
import { TILE_SIZE, tileSamples } from '../../engine/tiles/tile.ts';

/** Edges in px: of a layer's picture, and of its mask's. */
export const EDGES = { pixels: 32, mask: 28 } as const;

/** A mask has no colours. */
const AS_IT_IS = { through: null, colourSpace: 'srgb' } as const;

/** Tiles of one layer that are asked for at a time, where nothing is known of them. */
const ASKED = 32;

/**
 * Draws pixels, or a mask, by taking the nearest one: quick, and enough at this size. Of tiles that are packed or away it
 * takes the few pixels that are remembered; a picture of this size is no reason to unpack a document.
 * @param look what the document's numbers are shown through, and their colour space.
 * @returns tiles of which nothing is known, so that nothing was drawn; some of them.
 */
export function drawThumbnail(
  context: CanvasRenderingContext2D,
  layer: Layer,
  plane: PlaneName,
  width: number,
  height: number,
  look: { readonly through: ShownThrough | null; readonly colourSpace: ColourSpace },
): StoredTile[] {
  const edge = EDGES[plane];
  const { tiles, format } = layer.plane(plane);
  const scale = Math.min(edge / width, edge / height);
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const { through, colourSpace } = plane === 'mask' ? AS_IT_IS : look;
  const image = new ImageData(edge, edge, { colorSpace: colourSpace });
  const left = (edge - w) >> 1;
  const top = (edge - h) >> 1;
  const byte = 255 / format.maximum;
  const unknown = new Set<StoredTile>();
  for (let y = 0; y < h; y++) {
    const docY = Math.floor((y + 0.5) / scale);
    for (let x = 0; x < w; x++) {
      const docX = Math.floor((x + 0.5) / scale);
      const tile = tiles.storedAt(Math.floor(docX / TILE_SIZE), Math.floor(docY / TILE_SIZE));
      const data = tile && (tile.unpacked ?? tile.spots);
      if (tile && !data) unknown.add(tile);
      const step = tile?.unpacked ? 1 : TILE_SIZE / SPOTS;
      const row = Math.floor((docY % TILE_SIZE) / step) * (TILE_SIZE / step);
      const at = row + Math.floor((docX % TILE_SIZE) / step);
      const to = ((y + top) * edge + x + left) * 4;
      if (plane === 'mask') {
        const value = data ? (tileSamples(data, format)[at] ?? 0) : layer.maskOutside;
        image.data.fill(value * byte, to, to + 3);
        image.data[to + 3] = 255;
      } else if (data) {
        const samples = tileSamples(data, format);
        for (let k = 0; k < 4; k++) image.data[to + k] = (samples[at * 4 + k] ?? 0) * byte;
      }
    }
  }
  const seen = through ? new ImageData(through(image.data), edge, edge, { colorSpace: colourSpace }) : image;
  context.putImageData(seen, 0, 0);
  const every = Math.max(1, Math.ceil(unknown.size / ASKED));
  return [...unknown].filter((_, i) => i % every === 0);
}
