import { useEffect, useRef } from 'react';
import type { Layer } from '../../engine/layers/layer.ts';
import { TILE_SIZE } from '../../engine/tiles/tile.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useOpenDocument } from '../workspace-context.tsx';

const EDGE = 32;

/** Draws a layer's pixels by taking the nearest one: quick, and enough at this size. */
function drawThumbnail(context: CanvasRenderingContext2D, layer: Layer, width: number, height: number): void {
  const scale = Math.min(EDGE / width, EDGE / height);
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const image = context.createImageData(EDGE, EDGE);
  const left = (EDGE - w) >> 1;
  const top = (EDGE - h) >> 1;
  for (let y = 0; y < h; y++) {
    const docY = Math.floor((y + 0.5) / scale);
    for (let x = 0; x < w; x++) {
      const docX = Math.floor((x + 0.5) / scale);
      const tile = layer.tiles.get(Math.floor(docX / TILE_SIZE), Math.floor(docY / TILE_SIZE));
      if (!tile) continue;
      const at = ((docY % TILE_SIZE) * TILE_SIZE + (docX % TILE_SIZE)) * 4;
      image.data.set(tile.subarray(at, at + 4), ((y + top) * EDGE + x + left) * 4);
    }
  }
  context.putImageData(image, 0, 0);
}

/** A small picture of one layer; it follows the document a moment later. */
export function LayerThumbnail({ layerId }: { layerId: string }) {
  const open = useOpenDocument();
  const revision = useDocument((state) => state.revision);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      const layer = open?.session.document.layers.find(layerId);
      const context = canvas.current?.getContext('2d');
      if (!open || !layer || !context) return;
      drawThumbnail(context, layer, open.session.document.width, open.session.document.height);
    }, 250);
    return () => clearTimeout(timer);
  }, [open, layerId, revision]);
  return <canvas ref={canvas} className="thumb" width={EDGE} height={EDGE} aria-hidden />;
}
