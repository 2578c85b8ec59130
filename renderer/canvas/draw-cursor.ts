/** How a brush's cursor looks, in device pixels. */
export interface CursorLook {
  /** The middle. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Radians, clockwise. */
  readonly turn: number;
  /** Arcs have a cross in their middle; ticks are a cross alone. */
  readonly look: 'outline' | 'arcs' | 'ticks';
  readonly square: boolean;
  /** An oblique stroke through the middle says so. */
  readonly erases: boolean;
  /** Device pixels for one CSS pixel. */
  readonly scale: number;
}

/** Half the length of a cross and of the stroke of an eraser, and the dashes of arcs, in CSS px. */
const CROSS = 6.5;
const SLASH = 3.5;
const DASHES = [4, 4];

/** Draws a brush's cursor in white with black on either side, so that it is seen on any picture. */
export function drawCursor(context: CanvasRenderingContext2D, cursor: CursorLook): void {
  const { x, y, turn, look, erases, scale } = cursor;
  context.save();
  context.translate(x, y);
  if (look !== 'outline') strokeBoth(context, crossPath(CROSS * scale), scale);
  if (erases) strokeBoth(context, slashPath(SLASH * scale), scale);
  if (look !== 'ticks') {
    context.rotate(turn);
    if (look === 'arcs') context.setLineDash(DASHES.map((length) => length * scale));
    strokeBoth(context, tipPath(cursor), scale);
  }
  context.restore();
}

function strokeBoth(context: CanvasRenderingContext2D, path: Path2D, scale: number): void {
  context.strokeStyle = '#000000';
  context.lineWidth = 3 * scale;
  context.stroke(path);
  context.strokeStyle = '#ffffff';
  context.lineWidth = scale;
  context.stroke(path);
}

/** The edge of the tip; the white line lies within it. */
function tipPath({ width, height, square, scale }: CursorLook): Path2D {
  const path = new Path2D();
  const across = Math.max(0, (width - scale) / 2);
  const down = Math.max(0, (height - scale) / 2);
  if (square) path.rect(-across, -down, 2 * across, 2 * down);
  else path.ellipse(0, 0, across, down, 0, 0, 2 * Math.PI);
  return path;
}

function crossPath(reach: number): Path2D {
  const path = new Path2D();
  path.moveTo(-reach, 0);
  path.lineTo(reach, 0);
  path.moveTo(0, -reach);
  path.lineTo(0, reach);
  return path;
}

function slashPath(reach: number): Path2D {
  const path = new Path2D();
  path.moveTo(-reach, reach);
  path.lineTo(reach, -reach);
  return path;
}
