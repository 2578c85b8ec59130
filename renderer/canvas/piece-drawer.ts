import type { LevelRenderer } from '../engine/compositor/level-renderer.ts';
import { isEmptyRect, type Rect } from '../engine/geometry/rect.ts';
import type { PicturePage } from './picture-page.ts';

/** How much of the longest piece is forgotten with each that is shorter. */
const FORGET = 0.1;

/** Draws pages in pieces that are small enough for a frame, and knows how long the next one may take. */
export class PieceDrawer {
  readonly #levels: LevelRenderer;
  /** Milliseconds. */
  #longest = 0;

  constructor(levels: LevelRenderer) {
    this.#levels = levels;
  }

  /** False when another piece would likely end after a time. @param end as `performance.now` counts. */
  fits(end: number): boolean {
    return performance.now() + this.#longest < end;
  }

  /**
   * Draws the next piece of a page whose pixels are in memory, or does a part of what comes before that; has others brought.
   * @returns what of the document it shows, which may be nothing, or null when nothing is to be done now.
   */
  drawNext(page: PicturePage): Rect | null {
    const begun = performance.now();
    const job = page.next(
      (tx, ty) => this.#levels.rowsAtOnce(tx, ty),
      (tx, ty) => this.#levels.ready(page.level, tx, ty),
      (tx, ty) => this.#levels.prepare(page.level, tx, ty),
    );
    if (!job) return null;
    if (isEmptyRect(job.part)) {
      this.#longest = Math.max(this.#longest, performance.now() - begun);
      return job.part;
    }
    const piece = this.#levels.draw(page.level, job.tx, job.ty, job.part);
    if (piece) page.put(piece);
    this.#longest = Math.max(performance.now() - begun, this.#longest * (1 - FORGET));
    return job.part;
  }
}
