import type { LiquifyDab } from '../../engine/transform/displacement.ts';
import { useLiquify } from '../../state/liquify-store.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';
import { liquifyAct } from './liquify-act.ts';

/** Most of a turn, a pinch or a restoring by one dab. */
const MOST_TURN = 0.25;
const MOST_PINCH = 0.12;
const MOST_RESTORE = 0.35;

function dabOf(from: ToolPoint, to: ToolPoint): LiquifyDab {
  const { mode, strength } = useLiquify.getState();
  const force = strength * to.pressure * 2;
  switch (mode) {
    case 'push':
      return {
        kind: 'push',
        dx: (to.x - from.x) * Math.min(1, force),
        dy: (to.y - from.y) * Math.min(1, force),
      };
    case 'twirl':
      return { kind: 'twirl', angle: MOST_TURN * force };
    case 'twirl-left':
      return { kind: 'twirl', angle: -MOST_TURN * force };
    case 'pinch':
      return { kind: 'pinch', amount: MOST_PINCH * force };
    case 'bloat':
      return { kind: 'pinch', amount: -MOST_PINCH * force };
    case 'restore':
      return { kind: 'restore', amount: Math.min(1, MOST_RESTORE * force) };
  }
}

/** Shoves the layer's pixels, and a mask that is linked to them, about under the pen; many drags wait together for Enter. Pressure is force. */
export const beginLiquify: BeginDrag = ({ session }, start) => {
  const act = liquifyAct(session);
  if (!act) return null;
  const { mask } = session.selection;
  const weightAt = (x: number, y: number): number => (mask ? mask.at(x, y) / 255 : 1);
  let from = start;
  let frame = 0;
  const dab = (to: ToolPoint): void => {
    const radius = useLiquify.getState().size / 2;
    act.field.dab(to, radius, dabOf(from, to), weightAt);
    from = to;
  };
  return {
    move(points) {
      for (const point of points) {
        // Dabs lie close together, so that a quick push does not tear.
        const length = Math.hypot(point.x - from.x, point.y - from.y);
        const steps = Math.max(1, Math.ceil(length / (useLiquify.getState().size / 8)));
        const begin = from;
        for (let i = 1; i <= steps; i++) {
          const t = i / steps;
          dab({ ...point, x: begin.x + (point.x - begin.x) * t, y: begin.y + (point.y - begin.y) * t });
        }
      }
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        act.show('nearest');
      });
    },
    end() {
      cancelAnimationFrame(frame);
      act.show('bicubic');
    },
    cancel: () => cancelAnimationFrame(frame),
  };
};
