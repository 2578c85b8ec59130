import type { Brush, Sample } from '../../engine/brush/brush.ts';
import { compileCurve, sampleCurve } from '../../engine/brush/curve.ts';
import type { Stroke } from '../../engine/brush/stroke.ts';
import { strokeAid } from '../../state/stroke-aid.ts';

/** Shows the string from the tip to the pen. */
export function showString(brush: Brush, stroke: Stroke, pen: Sample): void {
  if (brush.string === 0) return;
  const { tip } = stroke;
  strokeAid.setState({ string: tip && { tip, pen } });
}

/**
 * Shows where the stroke goes if the pen goes on as it is expected to. Only for plain round paint that does not lag: a
 * tail that looks otherwise than the paint behind it would be worse than none.
 */
export function showTail(brush: Brush, colour: string | null, samples: readonly Sample[]): void {
  const first = samples[0];
  const plain =
    brush.tip === 'round' &&
    brush.dual === null &&
    brush.mixing === null &&
    brush.jitter === null &&
    brush.grain === null;
  const direct = brush.stabiliser <= 1 && brush.string === 0 && brush.scatter === 0 && brush.hardness >= 0.5;
  if (!first || samples.length < 2 || colour === null || !plain || !direct || brush.flow < 0.9) {
    if (strokeAid.getState().tail) strokeAid.setState({ tail: null });
    return;
  }
  const size = (brush.dynamics.size ?? [])
    .filter(({ sensor }) => sensor === 'pressure')
    .reduce((value, { curve }) => value * sampleCurve(compileCurve(curve), first.pressure), brush.size);
  strokeAid.setState({
    tail: { points: samples.map(({ x, y }) => ({ x, y })), size, colour, opacity: brush.opacity },
  });
}
