import type { Quad } from '../../engine/transform/projective.ts';
import { pixelsAround } from '../../engine/transform/pixels-around.ts';
import type { Snapping } from '../snapping.ts';
import type { ToolPoint } from '../tool.ts';
import { dragQuad, type QuadGrip } from './drag-quad.ts';

/**
 * The reading at which a dragged figure comes to rest: moved, by an edge or its middle; by a corner that keeps its
 * proportions, where the corner meets a line; by a side or a free corner, where the pointer does. Turning rests on nothing.
 */
export function snapQuad(
  before: Quad,
  grip: QuadGrip,
  start: ToolPoint,
  to: ToolPoint,
  snapping: Snapping,
): ToolPoint {
  const { straight, alternate, command = false } = to;
  const keys = { straight, alternate, command };
  switch (grip.kind) {
    case 'turn':
      return to;
    case 'inside': {
      const { dx, dy } = snapping.rect(pixelsAround(dragQuad(before, grip, start, to, keys)), to);
      return { ...to, x: to.x + dx, y: to.y + dy };
    }
    case 'side':
      return snapping.point(to);
    case 'corner': {
      if (straight) return snapping.point(to);
      const [from, about] = [before[grip.index], before[(grip.index + 2) % 4]];
      const corner = dragQuad(before, grip, start, to, keys)[grip.index];
      if (!from || !about || !corner) return to;
      const rest = snapping.point({ ...to, ...corner });
      const [dx, dy] = [rest.x - corner.x, rest.y - corner.y];
      // The corner moves along the diagonal: the line it meets first decides.
      const across = dx !== 0 ? dx / (from.x - about.x) : Number.POSITIVE_INFINITY;
      const down = dy !== 0 ? dy / (from.y - about.y) : Number.POSITIVE_INFINITY;
      const way = Math.abs(across) <= Math.abs(down) ? across : down;
      if (!Number.isFinite(way)) return to;
      return { ...to, x: corner.x + way * (from.x - about.x), y: corner.y + way * (from.y - about.y) };
    }
  }
}
