import { useEffect, useRef } from 'react';
import { onShownThrough, ownColours } from '../../canvas/shown-through.ts';
import { isPixelChange, planeOf } from '../../engine/changes.ts';
import type { DocumentEvent } from '../../engine/document.ts';
import type { PlaneName } from '../../engine/layers/layer.ts';
import { useOpenDocument } from '../workspace-context.tsx';
import { drawThumbnail, EDGES } from './draw-thumbnail.ts';

/** Milliseconds after a change before it is drawn, and the same while pixels are still being brought. */
const DELAY = 250;
const PATIENCE = 2000;

/** A small picture of one layer, or of its mask; it follows the document a moment later. */
export function LayerThumbnail({ layerId, plane = 'pixels' }: { layerId: string; plane?: PlaneName }) {
  const open = useOpenDocument();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!open) return;
    const { document } = open.session;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lacking = false;
    const draw = (): void => {
      timer = undefined;
      const layer = document.layers.find(layerId);
      const context = canvas.current?.getContext('2d');
      if (!layer || !context) return;
      const unknown = drawThumbnail(context, layer, plane, document.width, document.height, {
        through: ownColours(),
        colourSpace: document.format.colourSpace,
      });
      lacking = unknown.length > 0;
      // The canvas comes first; the overview brings most of them anyway.
      if (lacking && open.picture.overview.fresh) for (const tile of unknown) tile.want();
    };
    const wait = (): void => {
      timer ??= setTimeout(draw, lacking ? PATIENCE : DELAY);
    };
    const touches = ({ changes, structure }: DocumentEvent): boolean =>
      structure !== null ||
      changes.some(
        (change) => isPixelChange(change) && change.layerId === layerId && planeOf(change) === plane,
      );
    wait();
    const stops = [
      document.subscribe((event) => {
        if (touches(event) || lacking) wait();
      }),
      onShownThrough(wait),
      open.picture.overview.subscribe(() => {
        if (lacking) wait();
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [open, layerId, plane]);
  const edge = EDGES[plane];
  return <canvas ref={canvas} className={`thumb ${plane}`} width={edge} height={edge} aria-hidden />;
}
