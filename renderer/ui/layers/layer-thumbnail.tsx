import { useEffect, useRef } from 'react';
import type { Layer, PlaneName } from '../../engine/layers/layer.ts';
import { TILE_SIZE, tileSamples } from '../../engine/tiles/tile.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useOpenDocument } from '../workspace-context.tsx';

/** Edges in px: of a layer's picture, and of its mask's. */
const EDGES = { pixels: 32, mask: 28 } as const;

/** Draws pixels, or a mask, by taking the nearest one: quick, and enough at this size. */
function drawThumbnail(
  context: CanvasRenderingContext2D,
  layer: Layer,
  plane: PlaneName,
  width: number,
  height: number,
): void {
  const edge = EDGES[plane];
  const { tiles, format } = layer.plane(plane);
  const scale = Math.min(edge / width, edge / height);
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const image = context.createImageData(edge, edge);
  const left = (edge - w) >> 1;
  const top = (edge - h) >> 1;
  const byte = 255 / format.maximum;
  for (let y = 0; y < h; y++) {
    const docY = Math.floor((y + 0.5) / scale);
    for (let x = 0; x < w; x++) {
      const docX = Math.floor((x + 0.5) / scale);
      const tile = tiles.get(Math.floor(docX / TILE_SIZE), Math.floor(docY / TILE_SIZE));
      const at = (docY % TILE_SIZE) * TILE_SIZE + (docX % TILE_SIZE);
      const to = ((y + top) * edge + x + left) * 4;
      if (plane === 'mask') {
        const value = tile ? (tileSamples(tile, format)[at] ?? 0) : layer.maskOutside;
        image.data.fill(value * byte, to, to + 3);
        image.data[to + 3] = 255;
      } else if (tile) {
        const samples = tileSamples(tile, format);
        for (let k = 0; k < 4; k++) image.data[to + k] = (samples[at * 4 + k] ?? 0) * byte;
      }
    }
  }
  context.putImageData(image, 0, 0);
}

/** A small picture of one layer, or of its mask; it follows the document a moment later. */
export function LayerThumbnail({ layerId, plane = 'pixels' }: { layerId: string; plane?: PlaneName }) {
  const open = useOpenDocument();
  const revision = useDocument((state) => state.revision);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      const layer = open?.session.document.layers.find(layerId);
      const context = canvas.current?.getContext('2d');
      if (!open || !layer || !context) return;
      drawThumbnail(context, layer, plane, open.session.document.width, open.session.document.height);
    }, 250);
    return () => clearTimeout(timer);
  }, [open, layerId, plane, revision]);
  const edge = EDGES[plane];
  return <canvas ref={canvas} className={`thumb ${plane}`} width={edge} height={edge} aria-hidden />;
}
