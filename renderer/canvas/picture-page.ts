import { levelSize, type LevelPiece, tileKeysOf, tileOfKey } from '../engine/compositor/level-renderer.ts';
import type { ColourSpace } from '../engine/document-format.ts';
import { intersectRect, isEmptyRect, type Rect, unionRect } from '../engine/geometry/rect.ts';
import { tileKey, tileRange, tileRect } from '../engine/tiles/tile.ts';

/** Edge of a page in pixels of its level: 4 MiB. */
export const PAGE_EDGE = 1024;

/** A square of one level of the picture on a canvas, with what of it is still to be drawn. */
export class PicturePage {
  readonly level: number;
  /** In pixels of the level. */
  readonly rect: Rect;
  /** What of the document it shows. */
  readonly area: Rect;
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
  /** Tiles of the document that were never drawn; the last is the next. */
  #missing: number[];
  readonly #unseen: Set<number>;
  /** Parts, in document pixels, of tiles that look different since they were drawn. */
  readonly #damaged = new Map<number, Rect>();
  readonly #colourSpace: ColourSpace;

  /** @param column in pages. @param document the document's canvas. */
  constructor(level: number, column: number, row: number, document: Rect, colourSpace: ColourSpace) {
    const whole = levelSize(document, level);
    const square = { x: column * PAGE_EDGE, y: row * PAGE_EDGE, width: PAGE_EDGE, height: PAGE_EDGE };
    this.level = level;
    this.rect = intersectRect(square, { x: 0, y: 0, ...whole });
    const scale = 1 << level;
    const { x, y, width, height } = this.rect;
    this.area = intersectRect(
      { x: x * scale, y: y * scale, width: width * scale, height: height * scale },
      document,
    );
    this.canvas = new OffscreenCanvas(width, height);
    const context = this.canvas.getContext('2d', { colorSpace: colourSpace });
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.context = context;
    this.#colourSpace = colourSpace;
    this.#missing = tileKeysOf(this.area);
    this.#unseen = new Set(this.#missing);
  }

  /** True when its pixels were released. */
  get gone(): boolean {
    return this.canvas.width === 0;
  }

  get bytes(): number {
    return this.rect.width * this.rect.height * 4;
  }

  /** True when every tile has been drawn once. */
  get complete(): boolean {
    return this.#unseen.size === 0;
  }

  /** True when nothing is to be drawn. */
  get fresh(): boolean {
    return this.complete && this.#damaged.size === 0;
  }

  /** Tiles near a place of the document are drawn first from now on. */
  beginAt(x: number, y: number): void {
    const far = (key: number): number => {
      const { tx, ty } = tileOfKey(key);
      const { x: left, y: top, width, height } = tileRect(tx, ty);
      return (left + width / 2 - x) ** 2 + (top + height / 2 - y) ** 2;
    };
    this.#missing = this.#missing
      .map((key) => ({ key, at: far(key) }))
      .toSorted((a, b) => b.at - a.at)
      .map(({ key }) => key);
  }

  /** Takes in that a rectangle of the document looks different. */
  damage(rect: Rect): void {
    const seen = intersectRect(rect, this.area);
    if (isEmptyRect(seen)) return;
    const range = tileRange(seen);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const key = tileKey(tx, ty);
        if (this.#unseen.has(key)) continue;
        const part = intersectRect(seen, tileRect(tx, ty));
        this.#damaged.set(key, unionRect(this.#damaged.get(key) ?? part, part));
      }
    }
  }

  /** What is to be drawn next, damage first; it counts as drawn. Null when nothing is. */
  next(): { readonly tx: number; readonly ty: number; readonly part: Rect } | null {
    for (const [key, part] of this.#damaged) {
      this.#damaged.delete(key);
      return { ...tileOfKey(key), part };
    }
    const key = this.#missing.pop();
    if (key === undefined) return null;
    this.#unseen.delete(key);
    const { tx, ty } = tileOfKey(key);
    return { tx, ty, part: tileRect(tx, ty) };
  }

  /** Puts pixels of its level in place. */
  put({ rect, pixels }: LevelPiece): void {
    const image = new ImageData(pixels, rect.width, rect.height, { colorSpace: this.#colourSpace });
    this.context.putImageData(image, rect.x - this.rect.x, rect.y - this.rect.y);
  }

  /** Shows what another level has of the same place, until this one is drawn. */
  borrow(
    other: PicturePage | { readonly canvas: OffscreenCanvas; readonly rect: Rect; readonly level: number },
  ): void {
    const scale = 2 ** (other.level - this.level);
    this.context.imageSmoothingQuality = 'medium';
    this.context.drawImage(
      other.canvas,
      other.rect.x * scale - this.rect.x,
      other.rect.y * scale - this.rect.y,
      other.rect.width * scale,
      other.rect.height * scale,
    );
  }

  /** Releases the pixels. */
  dispose(): void {
    this.canvas.width = 0;
    this.canvas.height = 0;
  }
}
