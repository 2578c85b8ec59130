import type { GpuCompositor } from '../engine/compositor/gpu/gpu.ts';
import { coverSquares, toLevel } from '../engine/compositor/level-renderer.ts';
import { averageSquares, toStraight } from '../engine/compositor/shrink.ts';
import { intersectRect, isEmptyRect, type Rect, unionRect } from '../engine/geometry/rect.ts';
import type { PageJob, PicturePage } from './picture-page.ts';
import type { PageFiller } from './picture-pages.ts';

/** Edge of what is read from the graphics card in one piece, in document pixels. */
const BLOCK = 1024;
/** Pieces that are on their way at a time. */
const AT_A_TIME = 4;

/**
 * Has the graphics card composite. What it brings comes after the frame that asked: `onLate` is called then, and the next
 * `fill` reports it. Damage that comes meanwhile is joined, so a slow card skips frames.
 */
export class GraphicsFiller implements PageFiller {
  readonly inMemory = false;
  readonly #gpu: GpuCompositor;
  readonly #canvas: () => Rect;
  readonly #ready: (level: number, tx: number, ty: number) => boolean;
  readonly #onLate: () => void;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new WeakMap<PicturePage, Map<string, Rect>>();
  #running = 0;
  #late: Rect | null = null;
  #stopped = false;

  /**
   * @param ready false where the pixels of a tile are not in memory yet.
   * @param onError told when the card could not; nothing more is asked of it then.
   */
  constructor(
    gpu: GpuCompositor,
    canvas: () => Rect,
    ready: (level: number, tx: number, ty: number) => boolean,
    onLate: () => void,
    onError: (error: unknown) => void,
  ) {
    this.#gpu = gpu;
    this.#canvas = canvas;
    this.#ready = ready;
    this.#onLate = onLate;
    this.#onError = onError;
  }

  fill(pages: readonly PicturePage[]): Rect | null {
    for (const page of pages) {
      this.#gather(page);
      while (!this.#stopped && this.#running < AT_A_TIME) {
        const rect = this.#take(page);
        if (!rect) break;
        void this.#read(page, rect);
      }
    }
    const drawn = this.#late;
    this.#late = null;
    return drawn;
  }

  settled(pages: readonly PicturePage[]): boolean {
    return this.#running === 0 && pages.every((page) => (this.#waiting.get(page)?.size ?? 0) === 0);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Joins what is to be drawn into blocks. */
  #gather(page: PicturePage): void {
    const blocks = this.#waiting.get(page) ?? new Map<string, Rect>();
    this.#waiting.set(page, blocks);
    const next = (): PageJob | null => page.next(undefined, (tx, ty) => this.#ready(page.level, tx, ty));
    for (let job = next(); job; job = next()) {
      const key = `${Math.floor(job.part.x / BLOCK)} ${Math.floor(job.part.y / BLOCK)}`;
      blocks.set(key, unionRect(blocks.get(key) ?? job.part, job.part));
    }
  }

  #take(page: PicturePage): Rect | null {
    const blocks = this.#waiting.get(page);
    for (const [key, rect] of blocks ?? []) {
      blocks?.delete(key);
      const whole = intersectRect(coverSquares(rect, 1 << page.level), this.#canvas());
      if (!isEmptyRect(whole)) return whole;
    }
    return null;
  }

  async #read(page: PicturePage, rect: Rect): Promise<void> {
    this.#running += 1;
    try {
      const pixels = await this.#gpu.read(rect, page.level === 0 ? 'straight' : 'premultiplied');
      if (this.#stopped || page.gone) return;
      const small =
        page.level === 0
          ? pixels
          : toStraight(
              averageSquares(new Uint8Array(pixels.buffer), rect.width, rect.height, 1 << page.level),
            );
      page.put({ rect: toLevel(rect, page.level), pixels: small });
      this.#late = this.#late ? unionRect(this.#late, rect) : rect;
    } catch (error) {
      if (this.#stopped) return;
      this.stop();
      this.#onError(error);
    } finally {
      this.#running -= 1;
      if (!this.#stopped) this.#onLate();
    }
  }
}
