import { chooseForeground } from '../../state/paint-store.ts';
import type { BeginDrag, ToolHost, ToolPoint } from '../tool.ts';

function sample(host: ToolHost, point: ToolPoint | undefined): void {
  if (!point) return;
  const colour = host.sampleVisible(Math.floor(point.x), Math.floor(point.y));
  if (colour !== null) chooseForeground(colour);
}

/** Takes the colour that is seen under the pointer. */
export const beginEyedropper: BeginDrag = (host, point) => {
  sample(host, point);
  return {
    move: (points) => sample(host, points.at(-1)),
    end: () => undefined,
    cancel: () => undefined,
  };
};
