import { intersectRect, isEmptyRect } from '../../engine/geometry/rect.ts';
import { seenColour, shownThrough } from '../../canvas/shown-through.ts';
import { formatColour, parseColour } from '../../state/colour.ts';
import { loupe, LOUPE_PIXELS } from '../../state/loupe.ts';
import { chooseForeground, usePaint } from '../../state/paint-store.ts';
import { useTools } from '../../state/tool-store.ts';
import { readSource } from '../read-source.ts';
import type { BeginDrag, ToolHost, ToolPoint } from '../tool.ts';
import { averageColour } from './average-colour.ts';

function sample(host: ToolHost, point: ToolPoint | undefined): void {
  if (!point) return;
  const { size, source } = useTools.getState().pick;
  const reach = (size - 1) / 2;
  const square = {
    x: Math.floor(point.x) - reach,
    y: Math.floor(point.y) - reach,
    width: size,
    height: size,
  };
  const rect = intersectRect(square, host.session.document.canvas);
  if (isEmptyRect(rect)) return;
  const colour = averageColour(readSource(host, source, rect));
  if (colour) chooseForeground(formatColour(...colour));
}

/** The visible pixels around a place, as the canvas shows them. */
function coloursAround(host: ToolHost, point: ToolPoint): (string | null)[] {
  const reach = (LOUPE_PIXELS - 1) / 2;
  const left = Math.floor(point.x) - reach;
  const top = Math.floor(point.y) - reach;
  const rect = { x: left, y: top, width: LOUPE_PIXELS, height: LOUPE_PIXELS };
  const pixels = host.readVisible(rect);
  const { width, height, format } = host.session.document;
  const through = shownThrough();
  return Array.from({ length: LOUPE_PIXELS ** 2 }, (_, i) => {
    const x = left + (i % LOUPE_PIXELS);
    const y = top + Math.floor(i / LOUPE_PIXELS);
    if (x < 0 || y < 0 || x >= width || y >= height) return null;
    return seenColour([...pixels.subarray(i * 4, i * 4 + 4)], through, format.colourSpace);
  });
}

/**
 * Takes the colour under the pointer, as the tool options say; a loupe shows what is taken. The colour in hand is the
 * document's own numbers, so that what is painted with it is what was taken; it is shown as they look.
 */
export const beginEyedropper: BeginDrag = (host, start) => {
  const former = usePaint.getState().foreground;
  const look = (point: ToolPoint | undefined): void => {
    if (!point) return;
    sample(host, point);
    loupe.setState({
      shown: {
        screenX: point.screenX,
        screenY: point.screenY,
        around: coloursAround(host, point),
        fresh: seenColour(parseColour(usePaint.getState().foreground)),
        former: seenColour(parseColour(former)),
      },
    });
  };
  const close = (): void => loupe.setState({ shown: null });
  look(start);
  return {
    move: (points) => look(points.at(-1)),
    end: close,
    cancel() {
      close();
      chooseForeground(former);
    },
  };
};
