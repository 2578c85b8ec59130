import type { CpuCompositor } from '../engine/compositor/cpu.ts';
import type { GpuCompositor } from '../engine/compositor/gpu/gpu.ts';
import type { ColourSpace } from '../engine/document-format.ts';
import { intersectRect, isEmptyRect, type Rect, unionRect } from '../engine/geometry/rect.ts';

/** Largest edge of one backing canvas. */
const CHUNK = 2048;

interface Chunk {
  readonly rect: Rect;
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
}

/**
 * The composited document, kept in canvases of at most 2048 × 2048 pixels: only what the compositor reports as
 * different is composited again, and drawing to the screen is a copy.
 */
export class PictureSurface {
  readonly #compositor: CpuCompositor;
  readonly #chunks: Chunk[] = [];
  /** Reused for every update so that painting allocates nothing but views. */
  #scratch = new ArrayBuffer(256 * 256 * 4);
  readonly #colourSpace: ColourSpace;
  readonly #onLate: () => void;
  readonly #whole: Rect;
  #gpu: GpuCompositor | null = null;
  #onGpuError: (error: unknown) => void = () => undefined;
  /** What the GPU has still to composite, and what it has composited since the last update. */
  #waiting: Rect[] = [];
  #late: Rect | null = null;
  #reading = false;

  /** @param onLate called when the GPU has brought pixels, which `update` then reports. */
  constructor(
    compositor: CpuCompositor,
    width: number,
    height: number,
    colourSpace: ColourSpace,
    onLate: () => void,
  ) {
    this.#compositor = compositor;
    this.#colourSpace = colourSpace;
    this.#onLate = onLate;
    this.#whole = { x: 0, y: 0, width, height };
    for (let y = 0; y < height; y += CHUNK) {
      for (let x = 0; x < width; x += CHUNK) {
        const rect = { x, y, width: Math.min(CHUNK, width - x), height: Math.min(CHUNK, height - y) };
        const canvas = new OffscreenCanvas(rect.width, rect.height);
        const context = canvas.getContext('2d', { colorSpace: colourSpace });
        if (!context) throw new Error('This browser has no 2D canvas.');
        this.#chunks.push({ rect, canvas, context });
      }
    }
    this.#compositor.takeDamage();
    this.#compose({ x: 0, y: 0, width, height });
  }

  /** Brings the canvases up to date. @returns the smallest rectangle that holds what changed, or null. */
  update(): Rect | null {
    let changed: Rect | null = this.#late;
    this.#late = null;
    const damage = this.#compositor.takeDamage();
    if (this.#gpu) {
      this.#waiting.push(...damage);
      if (!this.#reading) void this.#readWaiting();
      return changed;
    }
    for (const rect of damage) {
      this.#compose(rect);
      changed = changed ? unionRect(changed, rect) : rect;
    }
    return changed;
  }

  /** The average colour of what is shown, channels 0..255, over white. */
  average(): [number, number, number] {
    const small = new OffscreenCanvas(1, 1);
    const context = small.getContext('2d');
    const [chunk] = this.#chunks;
    if (!context || !chunk) return [255, 255, 255];
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, 1, 1);
    context.imageSmoothingQuality = 'high';
    context.drawImage(chunk.canvas, 0, 0, 1, 1);
    const [red = 255, green = 255, blue = 255] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  }

  /**
   * Has everything composited by the GPU from now on, or by the CPU again with null.
   * @param onError told when the GPU could not; nothing more is asked of it then.
   */
  composeOn(gpu: GpuCompositor | null, onError: (error: unknown) => void): void {
    if (gpu === this.#gpu) return;
    this.#gpu = gpu;
    this.#onGpuError = onError;
    this.#waiting = [];
    if (!gpu) {
      this.#compositor.takeDamage();
      this.#compose(this.#whole);
      this.#bring(this.#whole);
      return;
    }
    this.#waiting.push(this.#whole);
    if (!this.#reading) void this.#readWaiting();
  }

  /** Brings what waits, one rectangle after another; what comes meanwhile is joined, so a slow GPU skips frames. */
  async #readWaiting(): Promise<void> {
    this.#reading = true;
    while (this.#gpu && this.#waiting.length > 0) {
      const gpu = this.#gpu;
      const rects = this.#waiting;
      this.#waiting = [];
      try {
        await Promise.all(
          rects.flatMap((rect) => this.#parts(rect)).map((part) => this.#readPart(gpu, part)),
        );
      } catch (error) {
        if (gpu === this.#gpu) this.#onGpuError(error);
        break;
      }
    }
    this.#reading = false;
  }

  async #readPart(gpu: GpuCompositor, { chunk, part }: { chunk: Chunk; part: Rect }): Promise<void> {
    const pixels = await gpu.read(part);
    if (gpu !== this.#gpu) return;
    const image = new ImageData(pixels, part.width, part.height, { colorSpace: this.#colourSpace });
    chunk.context.putImageData(image, part.x - chunk.rect.x, part.y - chunk.rect.y);
    this.#bring(part);
  }

  #bring(rect: Rect): void {
    this.#late = this.#late ? unionRect(this.#late, rect) : rect;
    this.#onLate();
  }

  /** A rectangle by the canvases that it lies in. */
  #parts(rect: Rect): { chunk: Chunk; part: Rect }[] {
    return this.#chunks
      .map((chunk) => ({ chunk, part: intersectRect(rect, chunk.rect) }))
      .filter(({ part }) => !isEmptyRect(part));
  }

  /** Draws the document at its own coordinates; the context's transform says where that is. */
  draw(context: CanvasRenderingContext2D): void {
    for (const { rect, canvas } of this.#chunks) context.drawImage(canvas, rect.x, rect.y);
  }

  /** Draws an unturned document so that neighbouring chunks meet on whole device pixels. */
  drawSnapped(context: CanvasRenderingContext2D, zoom: number, x: number, y: number): void {
    for (const { rect, canvas } of this.#chunks) {
      const left = Math.round(x + rect.x * zoom);
      const top = Math.round(y + rect.y * zoom);
      const right = Math.round(x + (rect.x + rect.width) * zoom);
      const bottom = Math.round(y + (rect.y + rect.height) * zoom);
      context.drawImage(canvas, left, top, right - left, bottom - top);
    }
  }

  /** Releases the pixels. */
  dispose(): void {
    this.#gpu = null;
    for (const { canvas } of this.#chunks) {
      canvas.width = 0;
      canvas.height = 0;
    }
    this.#chunks.length = 0;
  }

  #compose(rect: Rect): void {
    for (const { chunk, part } of this.#parts(rect)) {
      // Strips of at most 256 rows bound the memory that one update takes.
      for (let y = part.y; y < part.y + part.height; y += 256) {
        const strip = { ...part, y, height: Math.min(256, part.y + part.height - y) };
        this.#composeStrip(chunk, strip);
      }
    }
  }

  #composeStrip(chunk: Chunk, strip: Rect): void {
    const bytes = strip.width * strip.height * 4;
    if (this.#scratch.byteLength < bytes) this.#scratch = new ArrayBuffer(bytes);
    this.#compositor.render(strip, new Uint8Array(this.#scratch, 0, bytes));
    const pixels = new Uint8ClampedArray(this.#scratch, 0, bytes);
    chunk.context.putImageData(
      new ImageData(pixels, strip.width, strip.height, { colorSpace: this.#colourSpace }),
      strip.x - chunk.rect.x,
      strip.y - chunk.rect.y,
    );
  }
}
