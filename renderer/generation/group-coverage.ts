import type { Raster } from '../../preload/contract/index.ts';
import type { PaintDocument } from '../engine/document.ts';
import { isEmptyRect, type Rect } from '../engine/geometry/rect.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import { groupArea } from './picture-content.ts';

/** A mask's values within a rectangle; null where it has none. */
export function cutMask(mask: SelectionMask, rect: Rect): Uint8Array | null {
  if (isEmptyRect(mask.bounds())) return null;
  const values = mask.read(rect);
  return values.some((value) => value > 0) ? values : null;
}

/** Where groups have paint within a frame, together: grey as requests read coverage; null where none has any. */
export function groupCoverage(
  document: PaintDocument,
  groups: readonly string[],
  frame: Rect,
): Raster | null {
  const parts = groups.flatMap((id) => {
    const area = groupArea(document, id);
    return (area && cutMask(area, frame)) ?? [];
  });
  if (parts.length === 0) return null;
  const rgba = new Uint8Array(frame.width * frame.height * 4).fill(255);
  for (let i = 0; i < rgba.length / 4; i++) {
    const covered = parts.reduce((most, values) => Math.max(most, values[i] ?? 0), 0);
    rgba.fill(covered, 4 * i, 4 * i + 3);
  }
  return { width: frame.width, height: frame.height, rgba };
}
