import type { Sample } from '../../engine/brush/brush.ts';
import { beginStroke, type Stroke } from '../../engine/brush/stroke.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { EngineError } from '../../engine/error.ts';
import { parseColour } from '../../state/colour.ts';
import { noteColourUsed, usePaint } from '../../state/paint-store.ts';
import type { BeginDrag, ToolDrag, ToolHost, ToolPoint } from '../tool.ts';
import { explainEmptyStroke, explainRefusal } from './explain.ts';
import { makeBrush } from './make-brush.ts';

/** Only pens sense pressure; a mouse or a finger draws at full. */
function toSample({ x, y, pressure, tiltX, tiltY, twist, time, pointerType }: ToolPoint): Sample {
  return { x, y, pressure: pointerType === 'pen' ? pressure : 1, tiltX, tiltY, twist, time };
}

/** Where the last stroke ended, for straight lines from there. */
let lastEnd: { readonly session: DocumentSession; readonly x: number; readonly y: number } | null = null;

/** The first readings of a stroke: where the pen went down, or the way there from the last stroke's end. */
function firstSamples(host: ToolHost, point: ToolPoint): Sample[] {
  const sample = toSample(point);
  if (!point.straight || lastEnd?.session !== host.session) return [sample];
  return [{ ...sample, x: lastEnd.x, y: lastEnd.y }, sample];
}

/** Paints with the brush, or erases with the eraser, on the active layer: one stroke, one step of history. */
export function beginBrush(mode: 'paint' | 'erase'): BeginDrag {
  return (host, point) => {
    const layerId = host.session.activeLayerId;
    if (layerId === null) return null;
    const paint = usePaint.getState();
    const settings = mode === 'erase' ? paint.eraser : paint.brush;
    const brush = makeBrush(settings, mode);
    try {
      const seed = Math.floor(point.time) >>> 0;
      const stroke = beginStroke(host.session.document, layerId, brush, parseColour(paint.foreground), {
        seed,
        selection: host.session.selection.mask,
      });
      stroke.extend(firstSamples(host, point));
      lastEnd = { session: host.session, x: point.x, y: point.y };
      return strokeDrag(host, stroke, layerId, mode, mode === 'paint' ? paint.foreground : null);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      explainRefusal(host.session, layerId, error);
      return null;
    }
  };
}

function strokeDrag(
  host: ToolHost,
  stroke: Stroke,
  layerId: string,
  mode: 'paint' | 'erase',
  colour: string | null,
): ToolDrag {
  return {
    move(points) {
      stroke.extend(points.map(toSample));
      const last = points.at(-1);
      if (last) lastEnd = { session: host.session, x: last.x, y: last.y };
    },
    end() {
      const changes = stroke.commit();
      if (changes.length === 0) {
        explainEmptyStroke(host.session, layerId, mode);
        return;
      }
      host.session.record(mode === 'erase' ? 'Erase' : 'Brush stroke', changes);
      if (colour !== null) noteColourUsed(colour);
    },
    cancel: () => stroke.abort(),
  };
}
