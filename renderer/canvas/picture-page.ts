import { levelSize, type LevelPiece, tileKeysOf, tileOfKey } from '../engine/compositor/level-renderer.ts';
import type { ColourSpace } from '../engine/document-format.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, type Rect, unionRect } from '../engine/geometry/rect.ts';
import type { ShownThrough } from './proof-map.ts';
import { TILE_SIZE, tileKey, tileRange, tileRect } from '../engine/tiles/tile.ts';

/** Edge of a page in pixels of its level: 4 MiB. */
export const PAGE_EDGE = 1024;

/** Tiles that are looked at, and asked for, beyond one that is not ready. */
const AHEAD = 40;

/** A part of a tile of the document that is to be drawn. */
export interface PageJob {
  readonly tx: number;
  readonly ty: number;
  readonly part: Rect;
}

/** The upper rows of a rectangle, up to a multiple of so many, and the rest. */
function cutRows(rect: Rect, rows: number): { readonly upper: Rect; readonly rest: Rect | null } {
  const { y, height } = rect;
  const upper = Math.min(height, (Math.floor(y / rows) + 1) * rows - y);
  if (upper === height) return { upper: rect, rest: null };
  return {
    upper: { ...rect, height: upper },
    rest: { ...rect, y: y + upper, height: height - upper },
  };
}

/** A square of one level of the picture on a canvas, with what of it is still to be drawn. */
export class PicturePage {
  readonly level: number;
  /** In pixels of the level. */
  readonly rect: Rect;
  /** What of the document it shows. */
  readonly area: Rect;
  /** Made when the first pixels come. */
  #canvas: OffscreenCanvas | null = null;
  #context: OffscreenCanvasRenderingContext2D | null = null;
  #gone = false;
  /** Tiles of the document that were never drawn; the last is the next. */
  #missing: number[] | null = null;
  readonly #unseen: Set<number>;
  /** What its pixels are shown through from now on; null: as they are. */
  through: ShownThrough | null = null;
  /** What is left of the next one, where it is begun. */
  #begun: { readonly key: number; readonly rest: Rect } | null = null;
  /** Where in the document to begin. */
  readonly #from: { readonly x: number; readonly y: number };
  /** Parts, in document pixels, of tiles that look different since they were drawn. */
  readonly #damaged = new Map<number, Rect>();
  readonly #colourSpace: ColourSpace;
  readonly #inMemory: boolean;

  /**
   * @param column in pages.
   * @param document the document's canvas.
   * @param from the place of the document whose neighbourhood is drawn first.
   * @param inMemory true where no graphics card draws: its pixels then stay where they are written.
   */
  constructor(
    level: number,
    column: number,
    row: number,
    document: Rect,
    colourSpace: ColourSpace,
    from: { readonly x: number; readonly y: number },
    inMemory: boolean,
  ) {
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
    this.#colourSpace = colourSpace;
    this.#inMemory = inMemory;
    this.#from = from;
    this.#unseen = new Set(tileKeysOf(this.area));
  }

  /** What has been drawn; null before the first pixels. */
  get canvas(): OffscreenCanvas | null {
    return this.#canvas;
  }

  /** True when its pixels were released. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Bytes of pixels held. */
  get bytes(): number {
    return this.#canvas ? this.rect.width * this.rect.height * 4 : 0;
  }

  /** True when every tile has been drawn once. */
  get complete(): boolean {
    return this.#unseen.size === 0;
  }

  /** True when nothing is to be drawn. */
  get fresh(): boolean {
    return this.complete && this.#damaged.size === 0;
  }

  /** Takes in that a rectangle of the document looks different. */
  damage(rect: Rect): void {
    const seen = intersectRect(rect, this.area);
    if (isEmptyRect(seen)) return;
    const range = tileRange(seen);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const key = tileKey(tx, ty);
        // What was drawn of a tile that is begun may be what is damaged.
        if (this.#begun?.key === key) this.#begun = null;
        if (this.#unseen.has(key)) continue;
        const part = intersectRect(seen, tileRect(tx, ty));
        this.#damaged.set(key, unionRect(this.#damaged.get(key) ?? part, part));
      }
    }
  }

  /**
   * What is to be drawn next, damage first; it counts as drawn. Null when nothing is, or nothing is ready.
   * @param rows how many rows of a tile to draw at a time, a divisor of 256; whole tiles unless told.
   * @param ready false where a tile's pixels are not there yet: others are drawn meanwhile.
   * @param prepare true where it did something that has to be done first: a job without pixels is given then.
   */
  next(
    rows: (tx: number, ty: number) => number = () => TILE_SIZE,
    ready: (tx: number, ty: number) => boolean = () => true,
    prepare: (tx: number, ty: number) => boolean = () => false,
  ): PageJob | null {
    for (const [key, part] of this.#damaged) {
      const { tx, ty } = tileOfKey(key);
      if (!ready(tx, ty)) continue;
      if (prepare(tx, ty)) return { tx, ty, part: EMPTY_RECT };
      const { upper, rest } = cutRows(part, rows(tx, ty));
      if (rest) this.#damaged.set(key, rest);
      else this.#damaged.delete(key);
      return { tx, ty, part: upper };
    }
    this.#missing ??= this.#inOrder();
    const at = this.#nextMissing(this.#missing, ready);
    const key = this.#missing[at];
    if (key === undefined) return null;
    const { tx, ty } = tileOfKey(key);
    if (prepare(tx, ty)) return { tx, ty, part: EMPTY_RECT };
    const begun = this.#begun?.key === key ? this.#begun.rest : tileRect(tx, ty);
    const { upper, rest } = cutRows(begun, rows(tx, ty));
    this.#begun = rest && { key, rest };
    if (!rest) {
      this.#missing.splice(at, 1);
      this.#unseen.delete(key);
    }
    return { tx, ty, part: upper };
  }

  /** Place of the first that is ready, among those that come next; -1 where none is. */
  #nextMissing(missing: readonly number[], ready: (tx: number, ty: number) => boolean): number {
    const last = Math.max(0, missing.length - AHEAD);
    for (let at = missing.length - 1; at >= last; at--) {
      const { tx, ty } = tileOfKey(missing[at] as number);
      if (ready(tx, ty)) return at;
    }
    return -1;
  }

  /** Puts pixels of its level in place. */
  put({ rect, pixels }: LevelPiece): void {
    const image = new ImageData(this.through ? this.through(pixels) : pixels, rect.width, rect.height, {
      colorSpace: this.#colourSpace,
    });
    this.context.putImageData(image, rect.x - this.rect.x, rect.y - this.rect.y);
  }

  /** What its pixels are written with. */
  get context(): OffscreenCanvasRenderingContext2D {
    if (this.#context) return this.#context;
    this.#canvas = new OffscreenCanvas(this.rect.width, this.rect.height);
    const context = this.#canvas.getContext('2d', {
      colorSpace: this.#colourSpace,
      willReadFrequently: this.#inMemory,
    });
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#context = context;
    return context;
  }

  /** Releases the pixels. */
  dispose(): void {
    this.#gone = true;
    if (!this.#canvas) return;
    this.#canvas.width = 0;
    this.#canvas.height = 0;
  }

  /** The farthest first. */
  #inOrder(): number[] {
    const far = (key: number): number => {
      const { tx, ty } = tileOfKey(key);
      const { x, y, width, height } = tileRect(tx, ty);
      return (x + width / 2 - this.#from.x) ** 2 + (y + height / 2 - this.#from.y) ** 2;
    };
    return [...this.#unseen]
      .map((key) => ({ key, at: far(key) }))
      .toSorted((a, b) => b.at - a.at)
      .map(({ key }) => key);
  }
}
