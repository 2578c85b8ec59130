import type { Brush, Sample } from '../../engine/brush/brush.ts';
import { beginStroke, type Stroke } from '../../engine/brush/stroke.ts';
import { useView } from '../../canvas/view-store.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { EngineError } from '../../engine/error.ts';
import { parseColour } from '../../state/colour.ts';
import { type PaintedSelection, paintedSelection } from '../../state/painted-selection.ts';
import { type BrushTool, noteColourUsed, usePaint } from '../../state/paint-store.ts';
import { clearStrokeAid } from '../../state/stroke-aid.ts';
import type { BeginDrag, ToolDrag, ToolHost, ToolPoint } from '../tool.ts';
import { followRulers, led } from './follow-rulers.ts';
import { explainEmptyStroke, explainRefusal, forgetExplanation } from './explain.ts';
import { makeBrush, symmetryMaps } from './make-brush.ts';
import { showString, showTail } from './stroke-aids.ts';

/** Only pens sense pressure; a mouse or a finger draws at full. */
function toSample({ x, y, pressure, tiltX, tiltY, twist, time, pointerType }: ToolPoint): Sample {
  return { x, y, pressure: pointerType === 'pen' ? pressure : 1, tiltX, tiltY, twist, time };
}

/** The selection that is painted instead of the picture, if one is. */
function paintedOn(session: DocumentSession): PaintedSelection | null {
  const { now } = paintedSelection.getState();
  return now?.session === session ? now : null;
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
export function beginBrush(tool: BrushTool): BeginDrag {
  return (host, point) => {
    const painted = paintedOn(host.session);
    const layerId = painted?.layer.record.id ?? host.session.activeLayerId;
    if (layerId === null) return null;
    const paint = usePaint.getState();
    const mode = tool === 'eraser' || (tool === 'brush' && paint.brushErases) ? 'erase' : 'paint';
    const settings = paint[tool];
    const { view, scale } = useView.getState();
    const brush = makeBrush(settings, mode, paint.smoothing, scale / view.zoom);
    try {
      const seed = Math.floor(point.time) >>> 0;
      const target = painted?.sheet ?? host.session.document;
      // What is painted on a selection is selected, whatever the colour in hand.
      const stroke = beginStroke(
        target,
        layerId,
        brush,
        parseColour(painted ? '#ffffff' : paint.foreground),
        {
          seed,
          selection: painted ? null : host.session.selection.mask,
          plane: painted ? 'mask' : host.session.activePlane,
          symmetry: symmetryMaps(paint.symmetry, host.session.document.canvas),
        },
      );
      const follower = followRulers(host.session, point);
      const first = firstSamples(host, follower?.first ?? point);
      stroke.extend(first);
      lastEnd = { session: host.session, x: point.x, y: point.y };
      const colour = mode === 'paint' && tool === 'brush' && !painted ? paint.foreground : null;
      const last = first.at(-1) ?? toSample(point);
      return led(new BrushDrag(host, painted, stroke, brush, layerId, colour, last), follower);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      explainRefusal(host.session, layerId, error);
      return null;
    }
  };
}

/** Between two readings that a resting pen is taken to give, in milliseconds: a frame. */
const REST = 16;

class BrushDrag implements ToolDrag {
  readonly #host: ToolHost;
  /** The selection that the stroke paints; the one it began with, whatever is toggled meanwhile. */
  readonly #painted: PaintedSelection | null;
  readonly #stroke: Stroke;
  readonly #brush: Brush;
  readonly #layerId: string;
  /** What is painted with; null while erasing. */
  readonly #colour: string | null;
  #last: Sample;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    host: ToolHost,
    painted: PaintedSelection | null,
    stroke: Stroke,
    brush: Brush,
    layerId: string,
    colour: string | null,
    last: Sample,
  ) {
    this.#host = host;
    this.#painted = painted;
    this.#stroke = stroke;
    this.#brush = brush;
    this.#layerId = layerId;
    this.#colour = colour;
    this.#last = last;
    const { catchUp } = usePaint.getState().smoothing;
    // An airbrush sprays on, and a smoothed line catches up, while the pen rests: then no events come.
    if (brush.rate > 0 || (catchUp && brush.stabiliser > 0 && brush.string === 0))
      this.#timer = setInterval(() => this.#rest(), REST);
  }

  move(points: readonly ToolPoint[], predicted: readonly ToolPoint[] = []): void {
    const samples = points.map(toSample);
    const last = samples.at(-1);
    if (!last) return;
    this.#stroke.extend(samples);
    this.#last = last;
    lastEnd = { session: this.#host.session, x: last.x, y: last.y };
    showString(this.#brush, this.#stroke, last);
    showTail(this.#brush, this.#colour, [last, ...predicted.map(toSample)]);
  }

  end(): void {
    this.#stop();
    const changes = this.#stroke.commit();
    const painted = this.#painted;
    if (painted) {
      painted.sheet.apply(changes);
      painted.keep();
      return;
    }
    if (changes.length === 0) {
      explainEmptyStroke(this.#host.session, this.#layerId, this.#brush.mode);
      return;
    }
    forgetExplanation();
    this.#host.session.record(this.#brush.mode === 'erase' ? 'Erase' : 'Brush stroke', changes);
    if (this.#colour !== null) noteColourUsed(this.#colour);
  }

  cancel(): void {
    this.#stop();
    this.#stroke.abort();
  }

  #rest(): void {
    const now = performance.now();
    if (now - this.#last.time < REST) return;
    this.#last = { ...this.#last, time: now };
    this.#stroke.extend([this.#last]);
  }

  #stop(): void {
    clearInterval(this.#timer);
    clearStrokeAid();
  }
}
