import type { DocumentEvent, PaintDocument } from '../document.ts';
import { intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import { tileKey, tileRange, tileRect } from '../tiles/tile.ts';

/** Collects what looks different on a document's canvas, a rectangle a tile at most. */
export class DamageTracker {
  readonly #document: PaintDocument;
  readonly #tiles = new Map<number, Rect>();

  constructor(document: PaintDocument) {
    this.#document = document;
  }

  /** Takes in what a document event touched. */
  add(event: DocumentEvent): void {
    if (event.structure) this.#addRect(event.structure);
    for (const { rect } of event.pixels) this.#addRect(rect);
  }

  /** Everything since the last call, in document pixels within the canvas. */
  take(): Rect[] {
    const rects = [...this.#tiles.values()];
    this.#tiles.clear();
    return rects;
  }

  #addRect(rect: Rect): void {
    const seen = intersectRect(rect, this.#document.canvas);
    if (isEmptyRect(seen)) return;
    const range = tileRange(seen);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const key = tileKey(tx, ty);
        const part = intersectRect(seen, tileRect(tx, ty));
        this.#tiles.set(key, unionRect(this.#tiles.get(key) ?? part, part));
      }
    }
  }
}
