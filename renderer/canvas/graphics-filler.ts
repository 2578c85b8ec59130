import type { GpuCompositor } from '../engine/compositor/gpu/gpu.ts';
import { coverSquares, toLevel } from '../engine/compositor/level-renderer.ts';
import { averageSquares, toStraight } from '../engine/compositor/shrink.ts';
import { intersectRect, isEmptyRect, type Rect, unionRect } from '../engine/geometry/rect.ts';
import { TILE_SIZE } from '../engine/tiles/tile.ts';
import type { PageJob, PicturePage } from './picture-page.ts';
import type { PageFiller } from './picture-pages.ts';

/** Edge of what is read from the graphics card in one piece, in document pixels: of tiles that are drawn wholly, */
const BLOCK = 1024;
/** and of the parts of tiles that a stroke changed, whose bounds would be mostly what it did not touch. */
const SMALL_BLOCK = TILE_SIZE;
/** Pieces that are on their way at a time. */
const AT_A_TIME = 8;

/** What is to be read, and the time after which it changed. */
interface Part {
  readonly rect: Rect;
  readonly since: number;
}

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
  readonly #waiting = new WeakMap<PicturePage, Map<string, Part>>();
  /** Of what is on its way. */
  readonly #running = new Set<Part>();
  #waitingSince = Infinity;
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

  get waitingSince(): number {
    return this.#waitingSince;
  }

  fill(pages: readonly PicturePage[], _milliseconds: number, since: number): Rect | null {
    for (const page of pages) {
      this.#gather(page, since);
      while (!this.#stopped && this.#running.size < AT_A_TIME) {
        const part = this.#take(page);
        if (!part) break;
        void this.#read(page, part);
      }
    }
    const waiting = pages.flatMap((page) => [...(this.#waiting.get(page)?.values() ?? [])]);
    this.#waitingSince = Math.min(Infinity, ...[...waiting, ...this.#running].map((part) => part.since));
    const drawn = this.#late;
    this.#late = null;
    return drawn;
  }

  settled(pages: readonly PicturePage[]): boolean {
    return this.#running.size === 0 && pages.every((page) => (this.#waiting.get(page)?.size ?? 0) === 0);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Joins what is to be drawn into blocks. */
  #gather(page: PicturePage, since: number): void {
    const blocks = this.#waiting.get(page) ?? new Map<string, Part>();
    this.#waiting.set(page, blocks);
    const next = (): PageJob | null => page.next(undefined, (tx, ty) => this.#ready(page.level, tx, ty));
    for (let job = next(); job; job = next()) {
      const { x, y, width, height } = job.part;
      const edge = width === TILE_SIZE && height === TILE_SIZE ? BLOCK : SMALL_BLOCK;
      const key = `${edge} ${Math.floor(x / edge)} ${Math.floor(y / edge)}`;
      const before = blocks.get(key) ?? { rect: job.part, since };
      blocks.set(key, { rect: unionRect(before.rect, job.part), since: before.since });
    }
  }

  #take(page: PicturePage): Part | null {
    const blocks = this.#waiting.get(page);
    for (const [key, { rect, since }] of blocks ?? []) {
      blocks?.delete(key);
      const whole = intersectRect(coverSquares(rect, 1 << page.level), this.#canvas());
      if (!isEmptyRect(whole)) return { rect: whole, since };
    }
    return null;
  }

  async #read(page: PicturePage, part: Part): Promise<void> {
    const { rect } = part;
    this.#running.add(part);
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
      this.#running.delete(part);
      if (!this.#stopped) this.#onLate();
    }
  }
}
