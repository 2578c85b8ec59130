import type { Rect } from '../../engine/geometry/rect.ts';
import { selectColourRange } from '../../engine/selection/colour-range.ts';
import { combineSelections } from '../../engine/selection/combine.ts';
import { growSelection } from '../../engine/selection/reshape.ts';
import { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { softenEdge } from '../../engine/selection/soften-edge.ts';
import { selectLike } from '../../engine/selection/wand.ts';
import type { TilePixels } from '../../engine/tiles/tile.ts';
import { usePaint } from '../../state/paint-store.ts';
import { useTools } from '../../state/tool-store.ts';
import { readSource } from '../read-source.ts';
import type { ToolHost } from '../tool.ts';

/** How far apart two colours can be in RGB, against the largest difference of a channel. */
const DIAGONAL = Math.sqrt(3);

/** What wand and bucket do not share. */
interface LikeOptions {
  /** Openings up to this many pixels are walls. */
  readonly closeGaps: number;
  /** Pixels by which what was found grows, or shrinks below 0. */
  readonly expand: number;
  /** By colour, softly, wherever it occurs. */
  readonly soft: boolean;
}

/** What looks like the place that is pointed at, as wand and bucket are set; null outside the canvas. */
export function findLike(
  host: ToolHost,
  point: { readonly x: number; readonly y: number },
  { closeGaps, expand, soft }: LikeOptions,
): SelectionMask | null {
  const { canvas } = host.session.document;
  const seed = { x: Math.floor(point.x), y: Math.floor(point.y) };
  if (seed.x < 0 || seed.y < 0 || seed.x >= canvas.width || seed.y >= canvas.height) return null;
  const { tolerance, contiguous } = usePaint.getState().wand;
  const { source, antiAlias } = useTools.getState().like;
  const read = (part: Rect): TilePixels => readSource(host, source, part);
  if (soft) {
    const [red = 0, green = 0, blue = 0] = read({ ...seed, width: 1, height: 1 });
    const fuzziness = Math.max(1, tolerance * DIAGONAL);
    return SelectionMask.ofRows(canvas, (y, height, out) => {
      const strip = { ...canvas, y, height };
      out.set(selectColourRange(read(strip), strip, [[red, green, blue]], fuzziness).data);
    });
  }
  const like = selectLike(read, canvas, seed, { tolerance, contiguous, closeGaps });
  return reachOfLike(like, expand, antiAlias, canvas);
}

/**
 * What was found, expanded and with a smooth edge. Where it reaches beyond what was found, the edge is smooth outwards only:
 * what lets through there would leave a hairline before an outline.
 */
export function reachOfLike(
  like: SelectionMask,
  expand: number,
  smooth: boolean,
  canvas: Rect,
): SelectionMask {
  const grown = growSelection(like, expand, canvas);
  if (!smooth) return grown;
  const soft = softenEdge(grown, canvas);
  return expand > 0 ? combineSelections(grown, soft, 'add') : soft;
}
