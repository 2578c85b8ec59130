import { selectColourRange } from '../../engine/selection/colour-range.ts';
import { growSelection } from '../../engine/selection/reshape.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { softenEdge } from '../../engine/selection/soften-edge.ts';
import { selectLike } from '../../engine/selection/wand.ts';
import { usePaint } from '../../state/paint-store.ts';
import { useTools } from '../../state/tool-store.ts';
import { readSource } from '../read-source.ts';
import type { ToolHost } from '../tool.ts';

/** How far apart two colours can be in RGB, against the largest difference of a channel. */
const DIAGONAL = Math.sqrt(3);

/**
 * What looks like the place that is pointed at, as wand and bucket are set; null outside the canvas.
 * @param soft by colour, softly, wherever it occurs.
 */
export function findLike(
  host: ToolHost,
  point: { readonly x: number; readonly y: number },
  closeGaps: number,
  soft: boolean,
): SelectionMask | null {
  const { canvas } = host.session.document;
  const seed = { x: Math.floor(point.x), y: Math.floor(point.y) };
  if (seed.x < 0 || seed.y < 0 || seed.x >= canvas.width || seed.y >= canvas.height) return null;
  const { tolerance, contiguous } = usePaint.getState().wand;
  const { source, antiAlias, expand } = useTools.getState().like;
  const pixels = readSource(host, source, canvas);
  if (soft) {
    const at = (seed.y * canvas.width + seed.x) * 4;
    const colour = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0] as const;
    return selectColourRange(pixels, canvas, [colour], Math.max(1, tolerance * DIAGONAL));
  }
  const like = selectLike(pixels, canvas, seed, { tolerance, contiguous, closeGaps });
  const grown = growSelection(like, expand, canvas);
  return antiAlias ? softenEdge(grown, canvas) : grown;
}
