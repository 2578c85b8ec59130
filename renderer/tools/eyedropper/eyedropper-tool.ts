import { intersectRect, isEmptyRect } from '../../engine/geometry/rect.ts';
import { formatColour } from '../../state/colour.ts';
import { chooseForeground } from '../../state/paint-store.ts';
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

/** Takes the colour under the pointer, as the tool options say. */
export const beginEyedropper: BeginDrag = (host, point) => {
  sample(host, point);
  return {
    move: (points) => sample(host, points.at(-1)),
    end: () => undefined,
    cancel: () => undefined,
  };
};
