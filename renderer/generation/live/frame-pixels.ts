import type { Rect } from '../../engine/geometry/rect.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of the working picture and its pixels, RGBA straight. */
export interface WorkingPart {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array<ArrayBuffer>;
}

/** The part of the working picture that a part of the document falls into; null when it lies beside the frame. */
export function workingRect(changed: Rect, frame: Rect, size: Size): Rect | null {
  const across = span(changed.x - frame.x, changed.width, frame.width, size.width);
  const down = span(changed.y - frame.y, changed.height, frame.height, size.height);
  if (across === null || down === null) return null;
  return { x: across.from, y: down.from, width: across.to - across.from, height: down.to - down.from };
}

function span(
  from: number,
  length: number,
  frame: number,
  size: number,
): { from: number; to: number } | null {
  const begin = Math.max(0, from);
  const end = Math.min(frame, from + length);
  if (begin >= end) return null;
  return {
    from: Math.floor((begin * size) / frame),
    to: Math.min(size, Math.ceil((end * size) / frame)),
  };
}

/**
 * Pixels of a part of the working picture, each the mean of the document's pixels under it, weighted by how much of them
 * lies under it (the nearest one where the working picture is the larger). Any part comes out as it would in the whole.
 *
 * @param read composited pixels of a part of the document, RGBA8 straight
 */
export function readWorkingPart(
  read: (rect: Rect) => Uint8Array,
  frame: Rect,
  size: Size,
  part: Rect,
): WorkingPart {
  const columns = taps(part.x, part.width, frame.width / size.width, frame.width);
  const rows = taps(part.y, part.height, frame.height / size.height, frame.height);
  const source: Rect = {
    x: frame.x + columns.first,
    y: frame.y + rows.first,
    width: columns.last - columns.first,
    height: rows.last - rows.first,
  };
  const pixels = read(source);
  const rgba = new Uint8Array(part.width * part.height * 4);
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      average(
        pixels,
        source.width,
        columns.of[x] ?? [],
        rows.of[y] ?? [],
        columns.first,
        rows.first,
        rgba,
        (y * part.width + x) * 4,
      );
    }
  }
  return { x: part.x, y: part.y, width: part.width, height: part.height, rgba };
}

interface Tap {
  readonly at: number;
  readonly weight: number;
}

/** Which source pixels make each of `count` pixels from `start` on, and by how much. */
function taps(
  start: number,
  count: number,
  ratio: number,
  limit: number,
): { readonly of: readonly Tap[][]; readonly first: number; readonly last: number } {
  const of = Array.from({ length: count }, (_, i): Tap[] => {
    const begin = (start + i) * ratio;
    const end = (start + i + 1) * ratio;
    if (ratio <= 1) return [{ at: Math.min(limit - 1, Math.floor((begin + end) / 2)), weight: 1 }];
    const found: Tap[] = [];
    for (let at = Math.floor(begin); at < Math.min(limit, Math.ceil(end)); at++) {
      const weight = Math.min(end, at + 1) - Math.max(begin, at);
      if (weight > 1e-9) found.push({ at, weight });
    }
    return found;
  });
  return { of, first: of[0]?.[0]?.at ?? 0, last: (of.at(-1)?.at(-1)?.at ?? 0) + 1 };
}

function average(
  pixels: Uint8Array,
  stride: number,
  columns: readonly Tap[],
  rows: readonly Tap[],
  left: number,
  top: number,
  out: Uint8Array,
  to: number,
): void {
  let [r, g, b, a, total] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    for (const column of columns) {
      const from = ((row.at - top) * stride + column.at - left) * 4;
      const weight = row.weight * column.weight;
      const alpha = (pixels[from + 3] ?? 0) * weight;
      r += (pixels[from] ?? 0) * alpha;
      g += (pixels[from + 1] ?? 0) * alpha;
      b += (pixels[from + 2] ?? 0) * alpha;
      a += alpha;
      total += weight;
    }
  }
  if (a === 0 || total === 0) return;
  out[to] = Math.round(r / a);
  out[to + 1] = Math.round(g / a);
  out[to + 2] = Math.round(b / a);
  out[to + 3] = Math.round(a / total);
}
