import type { FollowedDamage } from '../engine/compositor/cpu.ts';
import { DEEPEST_LEVEL, type LevelRenderer } from '../engine/compositor/level-renderer.ts';
import type { PaintDocument } from '../engine/document.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import { PicturePage } from './picture-page.ts';
import { PieceDrawer } from './piece-drawer.ts';
import { onShownThrough, shownThrough } from './shown-through.ts';

/** Longest edge of the small picture; beyond 16384 it could be twice that. */
const EDGE = 512;
/** Milliseconds of an idle moment that it takes at most: a pen may come down meanwhile. */
const SHARE = 8;

/**
 * The whole picture, small and as it looks: what the navigator shows, and what stands on the screen until a level is drawn. It is drawn in
 * idle moments, only where something changed.
 */
export class Overview {
  readonly #document: PaintDocument;
  readonly #pieces: PieceDrawer;
  readonly #damage: FollowedDamage;
  readonly #stop: readonly (() => void)[];
  readonly #listeners = new Set<() => void>();
  #page: PicturePage;
  #canvas: Rect;
  #idle = 0;

  constructor(document: PaintDocument, levels: LevelRenderer, damage: FollowedDamage) {
    this.#document = document;
    this.#pieces = new PieceDrawer(levels);
    this.#damage = damage;
    this.#canvas = document.canvas;
    this.#page = this.#makePage();
    this.#stop = [
      document.subscribe(() => this.#wake()),
      onShownThrough(() => {
        this.#page.through = shownThrough();
        this.#page.damage(this.#canvas);
        this.#wake();
      }),
    ];
    this.#wake();
  }

  /** The picture as far as it is drawn. */
  get canvas(): OffscreenCanvas {
    return this.#page.context.canvas;
  }

  /** All of it, in its own pixels. */
  get rect(): Rect {
    return this.#page.rect;
  }

  /** One of its pixels is 2^level of the document. */
  get level(): number {
    return this.#page.level;
  }

  /** True when its document was left. */
  get gone(): boolean {
    return this.#page.gone;
  }

  /** True when it shows the document as it is. */
  get fresh(): boolean {
    this.#follow();
    return this.#page.fresh;
  }

  /** The average colour of the picture over white, channels 0..255. */
  average(): [number, number, number] {
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    if (!context) return [255, 255, 255];
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, 1, 1);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.canvas, 0, 0, 1, 1);
    const [red = 255, green = 255, blue = 255] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  }

  /** Shows a picture of the whole document until it is drawn from the document itself. */
  standIn(picture: CanvasImageSource): void {
    const { width, height } = this.rect;
    this.#page.context.drawImage(picture, 0, 0, width, height);
    this.#tell();
  }

  /** Calls back when it has been drawn as far as the document goes; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops following the document and lets the pixels go. */
  dispose(): void {
    cancelIdleCallback(this.#idle);
    this.#damage.stop();
    for (const stop of this.#stop) stop();
    this.#page.dispose();
  }

  #makePage(): PicturePage {
    const { width, height } = this.#canvas;
    const level = Math.ceil(Math.log2(Math.max(1, Math.max(width, height) / EDGE)));
    const page = new PicturePage(
      Math.min(DEEPEST_LEVEL, level),
      0,
      0,
      this.#canvas,
      this.#document.format.colourSpace,
      { x: width / 2, y: height / 2 },
      true,
    );
    page.through = shownThrough();
    return page;
  }

  #follow(): void {
    const { width, height } = this.#document.canvas;
    if (width !== this.#canvas.width || height !== this.#canvas.height) {
      this.#page.dispose();
      this.#canvas = this.#document.canvas;
      this.#page = this.#makePage();
    }
    for (const rect of this.#damage.take()) this.#page.damage(rect);
  }

  #wake(): void {
    this.#idle ||= requestIdleCallback((deadline) => {
      this.#idle = 0;
      const end = performance.now() + Math.min(SHARE, deadline.timeRemaining());
      this.#follow();
      if (this.#page.fresh) return;
      let drawn = this.#pieces.drawNext(this.#page);
      while (drawn && this.#pieces.fits(end)) drawn = this.#pieces.drawNext(this.#page);
      if (this.#page.fresh) this.#tell();
      // Where nothing could be drawn, pixels are on their way; the document says when they are there.
      else if (drawn) this.#wake();
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
