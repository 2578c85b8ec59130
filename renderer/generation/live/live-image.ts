/** Milliseconds over which one picture fades into the next. */
const FADE = 80;

/** Draws what Live shows, each picture fading into the next unless motion is to be reduced. */
export class LiveImage {
  readonly canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #before: OffscreenCanvas;
  readonly #after: OffscreenCanvas;
  readonly #onFrame: () => void;
  #frame = 0;

  /** @param onFrame called whenever the canvas holds something else */
  constructor(width: number, height: number, onFrame: () => void) {
    this.canvas = new OffscreenCanvas(width, height);
    this.#before = new OffscreenCanvas(width, height);
    this.#after = new OffscreenCanvas(width, height);
    this.#context = contextOf(this.canvas);
    this.#onFrame = onFrame;
  }

  /** Shows these pixels at once, as fresh paint wants it. */
  set(pixels: ImageData): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#context.putImageData(pixels, 0, 0);
    this.#onFrame();
  }

  /** Fades from what is shown to these pixels. */
  fadeTo(pixels: ImageData): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.set(pixels);
      return;
    }
    cancelAnimationFrame(this.#frame);
    const before = contextOf(this.#before);
    before.clearRect(0, 0, this.canvas.width, this.canvas.height);
    before.drawImage(this.canvas, 0, 0);
    contextOf(this.#after).putImageData(pixels, 0, 0);
    const begun = performance.now();
    const draw = (): void => {
      const share = Math.min(1, (performance.now() - begun) / FADE);
      this.#frame = share < 1 ? requestAnimationFrame(draw) : 0;
      if (share === 1) this.#context.putImageData(pixels, 0, 0);
      else this.#mix(share);
      this.#onFrame();
    };
    draw();
  }

  /** Ends what is under way. */
  dispose(): void {
    cancelAnimationFrame(this.#frame);
  }

  /** Adds the two, each by its share: where both are alike nothing flickers. */
  #mix(share: number): void {
    const context = this.#context;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.globalCompositeOperation = 'lighter';
    context.globalAlpha = 1 - share;
    context.drawImage(this.#before, 0, 0);
    context.globalAlpha = share;
    context.drawImage(this.#after, 0, 0);
    context.globalAlpha = 1;
    context.globalCompositeOperation = 'source-over';
  }
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser has no 2D canvas.');
  return context;
}
