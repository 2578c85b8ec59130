import { InferenceError } from '../errors.ts';
import { type EncodedRow, type TextConditioning, textAt } from './text-conditioning.ts';

/** Below this angle between two vectors a straight line is as good and does not divide by zero. */
const STRAIGHT_BELOW = 1e-4;

/**
 * A row of text on its way to another: token by token along the arc between the two states, lengths linearly between
 * (Shoemake 1985, "Animating rotation with quaternion curves", eq. 3.3). At 0 the first to the bit, at 1 the second.
 *
 * @throws InferenceError `inference/job-invalid` when one is longer than the other by chunks of 75 tokens.
 */
export function mixRows(first: EncodedRow, second: EncodedRow, share: number): EncodedRow {
  if (share === 0) return first;
  if (share === 1) return second;
  const ends = [...new Set([...first, ...second].map(({ to }) => to))].toSorted((a, b) => a - b);
  return ends.map((to) => ({ to, text: mixText(textAt(first, to - 1), textAt(second, to - 1), share) }));
}

function mixText(first: TextConditioning, second: TextConditioning, share: number): TextConditioning {
  if (first.tokens !== second.tokens) {
    throw new InferenceError(
      'inference/job-invalid',
      `The two prompts cannot be mixed: one takes ${first.tokens} tokens, the other ${second.tokens}.`,
      'Bring them to about the same length.',
    );
  }
  return {
    ...first,
    states: slerpRows(first.states, second.states, first.tokens, share),
    pooled: slerpRows(first.pooled, second.pooled, 1, share),
  };
}

/** Spherical interpolation of each of `rows` vectors. */
function slerpRows(a: Float32Array, b: Float32Array, rows: number, share: number): Float32Array {
  const mixed = new Float32Array(a.length);
  const width = a.length / rows;
  for (let start = 0; start < a.length; start += width) {
    let [dot, squareA, squareB] = [0, 0, 0];
    for (let i = start; i < start + width; i += 1) {
      const [x, y] = [a[i] ?? 0, b[i] ?? 0];
      dot += x * y;
      squareA += x * x;
      squareB += y * y;
    }
    const [lengthA, lengthB] = [Math.sqrt(squareA), Math.sqrt(squareB)];
    const angle = Math.acos(Math.min(1, Math.max(-1, dot / (lengthA * lengthB || 1))));
    const straight = angle < STRAIGHT_BELOW || Math.PI - angle < STRAIGHT_BELOW;
    const length = lengthA + share * (lengthB - lengthA);
    const ofA = straight ? 1 - share : (Math.sin((1 - share) * angle) / Math.sin(angle)) * (length / lengthA);
    const ofB = straight ? share : (Math.sin(share * angle) / Math.sin(angle)) * (length / lengthB);
    for (let i = start; i < start + width; i += 1) mixed[i] = ofA * (a[i] ?? 0) + ofB * (b[i] ?? 0);
  }
  return mixed;
}
