import type { FollowedDamage } from '../engine/compositor/cpu.ts';
import { levelForZoom, type LevelRenderer, toLevel } from '../engine/compositor/level-renderer.ts';
import type { PaintDocument } from '../engine/document.ts';
import { intersectRect, isEmptyRect, type Rect, unionRect } from '../engine/geometry/rect.ts';
import { PicturePage, PAGE_EDGE } from './picture-page.ts';
import type { ShownThrough } from './proof-map.ts';
import { seenOf } from './seen.ts';
import type { Overview } from './overview.ts';
import { PieceDrawer } from './piece-drawer.ts';
import { viewMatrix, type ViewTransform } from './view-transform.ts';

/** Pages that are not on the screen are let go beyond this; those on it always stay. */
const PAGE_BYTES = 192 * 1024 * 1024;

/** Pages of other levels that are drawn where the level that is wanted is not there yet. */
const STAND_INS = 12;

/** Milliseconds of a frame that may go into compositing; what is left waits for the next frame. */
const FRAME_SHARE = 8;
/** The same for the first frame of a document, which nobody waits through with a pen. */
const FIRST_SHARE = 80;

/** How the pages get their pixels. */
export interface PageFiller {
  /** True where no graphics card draws. */
  readonly inMemory: boolean;
  /**
   * Draws what of the pages is to be drawn, for a while.
   * @param since what is to be drawn changed after this time, as `performance.now` counts.
   * @returns the smallest rectangle of the document that holds what was drawn, or null.
   */
  fill(pages: readonly PicturePage[], milliseconds: number, since: number): Rect | null;
  /** True when none of these pages waits for pixels that were asked for. */
  settled(pages: readonly PicturePage[]): boolean;
  /** The earliest `since` of what is still waited for; Infinity where nothing is. */
  readonly waitingSince: number;
}

/** Composites on the processor, within the frame. */
export function processorFiller(levels: LevelRenderer): PageFiller {
  const pieces = new PieceDrawer(levels);
  return {
    inMemory: true,
    fill(pages, milliseconds) {
      const end = performance.now() + milliseconds;
      let drawn: Rect | null = null;
      const result = (): Rect | null => (drawn && isEmptyRect(drawn) ? null : drawn);
      for (const page of pages) {
        while (!page.fresh) {
          if (drawn && !pieces.fits(end)) return result();
          const part = pieces.drawNext(page);
          if (!part) break;
          drawn = drawn ? unionRect(drawn, part) : part;
        }
      }
      return result();
    },
    settled: () => true,
    waitingSince: Infinity,
  };
}

/**
 * The composited document as it is seen: pages of the level of detail that the zoom wants, only where the screen looks.
 * What a frame has no time for is shown from another level until the next frames draw it.
 */
export class PicturePages {
  readonly #document: PaintDocument;
  readonly #damage: FollowedDamage;
  readonly #overview: Overview;
  readonly #canvas: Rect;
  /** The last one was looked at last. */
  readonly #pages = new Map<string, PicturePage>();
  #shown: readonly PicturePage[] = [];
  #filler: PageFiller;
  #through: ShownThrough | null = null;
  #first = true;
  /** False while pages of other levels have to stand in. */
  #covered = false;
  #updated = 0;
  /** The last time at which nothing was left to be drawn. */
  #fresh = 0;

  constructor(document: PaintDocument, damage: FollowedDamage, overview: Overview, filler: PageFiller) {
    this.#document = document;
    this.#damage = damage;
    this.#overview = overview;
    this.#filler = filler;
    this.#canvas = document.canvas;
  }

  /** True when the screen shows the document as it is. */
  get settled(): boolean {
    return this.#shown.every((page) => page.fresh) && this.#filler.settled(this.#shown);
  }

  /** Every change up to this time is on the screen, as `performance.now` counts. */
  get drawnUntil(): number {
    return Math.min(this.#fresh, this.#filler.waitingSince);
  }

  /** Bytes of pixels held. */
  get bytes(): number {
    return [...this.#pages.values()].reduce((sum, page) => sum + page.bytes, 0);
  }

  /** Draws everything anew, by other means. */
  fillBy(filler: PageFiller): void {
    this.#filler = filler;
    for (const page of this.#pages.values()) page.damage(this.#canvas);
  }

  /** Shows the picture through something, or as it is; what is on the screen is drawn anew in its place. */
  showThrough(through: ShownThrough | null): void {
    this.#through = through;
    for (const page of this.#pages.values()) {
      page.through = through;
      page.damage(this.#canvas);
    }
  }

  /**
   * Brings what a screen shows up to date, as far as there is time.
   * @returns the smallest rectangle of the document that holds what looks different, or null.
   */
  update(view: ViewTransform, screen: { readonly width: number; readonly height: number }): Rect | null {
    const now = performance.now();
    for (const rect of this.#damage.take()) for (const page of this.#pages.values()) page.damage(rect);
    const seen = intersectRect(seenOf(view, screen), this.#canvas);
    this.#show(levelForZoom(view.zoom), seen);
    const share = this.#first ? FIRST_SHARE : FRAME_SHARE;
    this.#first = false;
    const drawn = this.#filler.fill(this.#shown, share, this.#updated);
    this.#updated = now;
    if (this.#shown.every((page) => page.fresh)) this.#fresh = now;
    const covered = this.#covered || (this.#complete && this.#filler.settled(this.#shown));
    const uncovered = covered && !this.#covered;
    this.#covered = covered;
    // What stood in is taken away.
    return uncovered ? this.#canvas : drawn;
  }

  /** Draws what is seen; the context's clip says where. */
  draw(context: CanvasRenderingContext2D, view: ViewTransform): void {
    if (!this.#covered) {
      // From coarse to fine, so that the best is on top.
      drawPart(context, view, {
        canvas: this.#overview.canvas,
        level: this.#overview.level,
        area: this.#canvas,
      });
      for (const page of this.#standIns()) drawPart(context, view, page);
    }
    for (const page of this.#shown) drawPart(context, view, page);
  }

  get #complete(): boolean {
    return this.#shown.every((page) => page.complete);
  }

  /** Complete pages of other levels that show some of what is seen. */
  #standIns(): PicturePage[] {
    const others = [...this.#pages.values()].filter(
      (page) =>
        page.complete &&
        !this.#shown.includes(page) &&
        this.#shown.some((shown) => !shown.complete && !isEmptyRect(intersectRect(shown.area, page.area))),
    );
    return others.slice(-STAND_INS).toSorted((a, b) => b.level - a.level);
  }

  /** Releases the pixels. */
  dispose(): void {
    this.#damage.stop();
    for (const page of this.#pages.values()) page.dispose();
    this.#pages.clear();
    this.#shown = [];
  }

  #show(level: number, seen: Rect): void {
    const shown: PicturePage[] = [];
    if (!isEmptyRect(seen)) {
      const part = toLevel(seen, level);
      const last = { x: part.x + part.width - 1, y: part.y + part.height - 1 };
      for (let row = Math.floor(part.y / PAGE_EDGE); row * PAGE_EDGE <= last.y; row++)
        for (let column = Math.floor(part.x / PAGE_EDGE); column * PAGE_EDGE <= last.x; column++)
          shown.push(this.#page(level, column, row, seen));
    }
    const middle = middleOf(seen);
    const far = ({ area }: PicturePage): number => {
      const { x, y } = middleOf(area);
      return (x - middle.x) ** 2 + (y - middle.y) ** 2;
    };
    this.#shown = shown.toSorted((a, b) => far(a) - far(b));
    this.#covered &&= this.#complete;
    let bytes = this.bytes;
    for (const [key, page] of this.#pages) {
      if (shown.includes(page) || (page.canvas && bytes <= PAGE_BYTES)) continue;
      bytes -= page.bytes;
      page.dispose();
      this.#pages.delete(key);
    }
  }

  #page(level: number, column: number, row: number, seen: Rect): PicturePage {
    const key = `${level} ${column} ${row}`;
    const kept = this.#pages.get(key);
    if (kept) {
      this.#pages.delete(key);
      this.#pages.set(key, kept);
      return kept;
    }
    const page = new PicturePage(
      level,
      column,
      row,
      this.#canvas,
      this.#document.format.colourSpace,
      middleOf(seen),
      this.#filler.inMemory,
    );
    page.through = this.#through;
    this.#pages.set(key, page);
    return page;
  }
}

function middleOf({ x, y, width, height }: Rect): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

interface Part {
  readonly canvas: OffscreenCanvas | null;
  readonly level: number;
  /** What of the document it shows. */
  readonly area: Rect;
}

function drawPart(
  context: CanvasRenderingContext2D,
  view: ViewTransform,
  { canvas, level, area }: Part,
): void {
  if (!canvas) return;
  const scale = 1 << level;
  // The last pixel of a level may reach beyond the canvas.
  const width = area.width / scale;
  const height = area.height / scale;
  if (view.rotation !== 0 || view.flip) {
    context.setTransform(...viewMatrix(view));
    context.drawImage(canvas, 0, 0, width, height, area.x, area.y, area.width, area.height);
    return;
  }
  // Neighbouring pages meet on whole device pixels.
  const left = Math.round(view.x + area.x * view.zoom);
  const top = Math.round(view.y + area.y * view.zoom);
  const right = Math.round(view.x + (area.x + area.width) * view.zoom);
  const bottom = Math.round(view.y + (area.y + area.height) * view.zoom);
  context.drawImage(canvas, 0, 0, width, height, left, top, right - left, bottom - top);
}
