import { CpuCompositor } from '../engine/compositor/cpu.ts';
import { PaintDocument } from '../engine/document.ts';
import { isEmptyRect, type Rect, unionRect } from '../engine/geometry/rect.ts';
import { hideGuides } from '../engine/layers/hide-guides.ts';
import type { Layer } from '../engine/layers/layer.ts';
import { SelectionMask } from '../engine/selection/selection-mask.ts';
import { coverageOf, type Grid } from './coverage.ts';
import { isFlatLayer } from './frame-content.ts';

/** From this coverage on a pixel counts as painted. */
const PAINTED = 128;
/** Share of its bounds that a picture covers; a sketch covers less, and nobody wants it extended. */
const SOLID = 0.9;
/** Least edges of a picture that is extended, as shares of the frame's; less is a stroke. */
const LEAST_BLOCK = 1 / 8;
/** Points along the longer edge of a frame that are looked at. */
const POINTS = 256;
/** Least width of a blank strip beside a picture, as a share of the frame's edge. */
const LEAST_STRIP = 1 / 16;

/** Composited pixels of a rectangle as the finished picture has them, guides left out, whatever is shown alone: RGBA8 straight. */
export function readPicture(
  document: PaintDocument,
  compositor: Pick<CpuCompositor, 'render' | 'solo'>,
  rect: Rect,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(rect.width * rect.height * 4);
  const hidden = hideGuides(document);
  if (hidden.length === 0 && compositor.solo === null) compositor.render(rect, out);
  else {
    const apart = new CpuCompositor(copyOf(document));
    apart.render(rect, out);
    apart.dispose();
  }
  return out;
}

/** The document once more without its guides; pixels are shared. */
function copyOf(document: PaintDocument): PaintDocument {
  const records = [...document.layers.all()].map(({ record }) => record);
  const copy = new PaintDocument(document.width, document.height, records, document.format);
  for (const layer of document.layers.all()) copy.layers.get(layer.record.id).share(layer);
  copy.apply(hideGuides(copy));
  return copy;
}

/** Layers that are seen, from the bottom; those of hidden groups left out. */
function seenLayers(document: PaintDocument, within: string | null = null): Layer[] {
  const hidden = new Set<string>();
  const seen: Layer[] = [];
  for (const layer of within === null ? document.layers.all() : document.layers.subtree(within)) {
    const { record } = layer;
    const parentHidden = record.parent !== null && hidden.has(record.parent);
    if (parentHidden || !record.visible || record.opacity === 0 || record.guide) hidden.add(record.id);
    else seen.push(layer);
  }
  return seen;
}

/** Where a group has paint that is seen, as a mask of the document; null when it has none. */
export function groupArea(document: PaintDocument, groupId: string): SelectionMask | null {
  const layers = seenLayers(document, groupId).filter(({ record }) => record.kind !== 'group');
  const bounds = layers.reduce<Rect>((rect, layer) => unionRect(rect, layer.tiles.bounds()), {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  });
  if (isEmptyRect(bounds)) return null;
  const area = new SelectionMask(bounds, coverageOf(layers, bounds, 1).coverage);
  return isEmptyRect(area.bounds()) ? null : area;
}

/**
 * Whether a frame has a blank part beside a picture: nothing but paper of one colour next to a solid block of paint that ends
 * within the frame. False where the frame is full or empty, and where what is drawn is a sketch with gaps.
 */
export function isBlankBeside(document: PaintDocument, frame: Rect): boolean {
  const step = Math.ceil(Math.max(frame.width, frame.height) / POINTS);
  const grid = coverageOf(drawnLayers(document), frame, step);
  const block = blockOf(grid);
  if (block === null) return false;
  const strips = [
    block.left / grid.width,
    block.top / grid.height,
    (grid.width - 1 - block.right) / grid.width,
    (grid.height - 1 - block.bottom) / grid.height,
  ];
  return Math.max(...strips) >= LEAST_STRIP;
}

/** What of a frame no picture covers, see {@link isBlankBeside}. */
export function blankPart(document: PaintDocument, frame: Rect): SelectionMask {
  const { coverage } = coverageOf(drawnLayers(document), frame, 1);
  return new SelectionMask(
    frame,
    coverage.map((value) => 255 - value),
  );
}

/** Everything that is seen but paper and groups; paint of a group with words says where they go. */
function drawnLayers(document: PaintDocument): Layer[] {
  const marks = new Set(
    [...document.layers.all()]
      .filter(({ record }) => record.words)
      .flatMap(({ record }) => [...document.layers.subtree(record.id)].map((layer) => layer.record.id)),
  );
  return seenLayers(document).filter(
    (layer) =>
      layer.record.kind !== 'group' && !marks.has(layer.record.id) && !isFlatLayer(layer, document.canvas),
  );
}

/** The bounds of what is painted, where that is nearly all of them. */
function blockOf({
  width,
  height,
  coverage,
}: Grid): { left: number; top: number; right: number; bottom: number } | null {
  const block = { left: width, top: height, right: -1, bottom: -1 };
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((coverage[y * width + x] ?? 0) < PAINTED) continue;
      count++;
      block.left = Math.min(block.left, x);
      block.right = Math.max(block.right, x);
      block.top = Math.min(block.top, y);
      block.bottom = y;
    }
  }
  const [wide, high] = [block.right - block.left + 1, block.bottom - block.top + 1];
  const large = wide >= LEAST_BLOCK * width && high >= LEAST_BLOCK * height;
  return large && count >= SOLID * wide * high ? block : null;
}
