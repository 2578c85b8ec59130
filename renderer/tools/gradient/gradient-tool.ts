import { EngineError } from '../../engine/error.ts';
import { gradientChanges, gradientOverlay, type GradientFill } from '../../engine/fill/gradient-fill.ts';
import type { FillColour, GradientStop } from '../../engine/layers/fill.ts';
import { parseColour } from '../../state/colour.ts';
import { noteColourUsed, usePaint } from '../../state/paint-store.ts';
import { clearStrokeAid, strokeAid } from '../../state/stroke-aid.ts';
import { tell } from '../../state/status-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';

/** A drag shorter than this, in document pixels, lays nothing. */
const SHORTEST = 2;
/** Shift turns the line to multiples of this angle. */
const SNAP = Math.PI / 12;

function unit(hex: string): FillColour {
  const [red, green, blue] = parseColour(hex);
  return [red / 255, green / 255, blue / 255];
}

/** Foreground to background, or to nothing; the other way round on request. */
function stopsInHand(): GradientStop[] {
  const { gradient, foreground, background } = usePaint.getState();
  const first: GradientStop = { at: 0, colour: unit(foreground), opacity: 1 };
  const last: GradientStop =
    gradient.ends === 'background'
      ? { at: 1, colour: unit(background), opacity: 1 }
      : { at: 1, colour: unit(foreground), opacity: 0 };
  return gradient.reverse
    ? [
        { ...last, at: 0 },
        { ...first, at: 1 },
      ]
    : [first, last];
}

function endOf(start: ToolPoint, point: ToolPoint): { x: number; y: number } {
  if (!point.straight) return { x: point.x, y: point.y };
  const length = Math.hypot(point.x - start.x, point.y - start.y);
  const angle = Math.round(Math.atan2(point.y - start.y, point.x - start.x) / SNAP) * SNAP;
  return { x: start.x + length * Math.cos(angle), y: start.y + length * Math.sin(angle) };
}

/** Lays a gradient along a drag, seen while it is drawn; one drag is one step of history. */
export const beginGradient: BeginDrag = ({ session }, start) => {
  const { document } = session;
  const layerId = session.activeLayerId;
  if (layerId === null) return null;
  const plane = session.activePlane;
  const from = { x: start.x, y: start.y };
  const make = (to: { x: number; y: number }): GradientFill => {
    const { shape, opacity, dither } = usePaint.getState().gradient;
    return { shape, from, to, stops: stopsInHand(), opacity, dither };
  };
  let to = from;
  let frame = 0;
  const show = (): void => {
    frame = 0;
    strokeAid.setState({ string: { tip: from, pen: to } });
    document.setOverlay(
      layerId,
      gradientOverlay(document, layerId, session.selection.mask, make(to), plane),
      plane,
    );
  };
  const hide = (): void => {
    cancelAnimationFrame(frame);
    clearStrokeAid();
    document.setOverlay(layerId, null, plane);
  };
  try {
    // Refuses a layer that cannot be painted on before anything is drawn.
    gradientOverlay(document, layerId, null, make(from), plane);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    explainRefusal(session, layerId, error);
    return null;
  }
  return {
    move(points) {
      const last = points.at(-1);
      if (!last) return;
      to = endOf(start, last);
      frame ||= requestAnimationFrame(show);
    },
    end() {
      hide();
      if (Math.hypot(to.x - from.x, to.y - from.y) < SHORTEST) {
        tell({ level: 'info', message: 'Drag to say where the gradient starts and ends.', remedy: '' });
        return;
      }
      const changes = gradientChanges(document, layerId, session.selection.mask, make(to), plane);
      if (changes.length > 0) {
        session.record('Gradient', changes);
        noteColourUsed(usePaint.getState().foreground);
        return;
      }
      tell({
        level: 'info',
        message: document.layers.get(layerId).record.alphaLocked
          ? 'The gradient changed nothing: the transparency of this layer is locked.'
          : 'The gradient changed nothing: these colours are there already, or nothing here is selected.',
        remedy: '',
      });
    },
    cancel: hide,
  };
};
