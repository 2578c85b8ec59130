import { CpuCompositor } from '../../renderer/engine/compositor/cpu.ts';
import type { PaintDocument } from '../../renderer/engine/document.ts';
import type { Rect } from '../../renderer/engine/geometry/rect.ts';
import { StudioError } from '../../preload/contract/index.ts';
import type { StoredDocument } from './document.ts';
import { guardDocument } from './guard-document.ts';
import { loadDocument } from './load-document.ts';

/** One moment of a time-lapse: RGBA8 over white, opaque. */
export interface TimeLapseFrame {
  /** The step after which the picture looked like this. */
  readonly seq: number;
  readonly rgba: Uint8Array<ArrayBuffer>;
}

/** A document's history played at a small size. */
export interface TimeLapse {
  readonly width: number;
  readonly height: number;
  /** How many frames there will be. */
  readonly count: number;
  /** The frames in order, made as they are asked for; each is the caller's own. */
  readonly frames: Generator<TimeLapseFrame, void, undefined>;
}

/** Shown around a picture that had another shape than it has now. */
const SURROUND = 0x59;

/**
 * Plays the steps of a document, from the oldest that is kept to the present one.
 *
 * @param edge longest edge of a frame in pixels; the document is shrunk by a whole factor, never enlarged.
 * @param limit most frames; steps in between are skipped evenly.
 * @throws StudioError `document/no-history` when there is nothing to play
 */
export function playHistory(stored: StoredDocument, edge: number, limit: number): TimeLapse {
  const { history, head, floor, width, height, name } = stored.state();
  const steps = history.filter(({ seq }) => seq <= head).map(({ seq }) => seq);
  if (steps.length === 0) {
    throw new StudioError(
      'document/no-history',
      `"${name}" has no steps to play.`,
      'Paint something first: each step becomes a moment of the time-lapse.',
    );
  }
  const count = Math.min(limit, steps.length + 1);
  const shown = new Set(
    Array.from({ length: count }, (_, i) => Math.round((i * steps.length) / Math.max(1, count - 1))),
  );
  const factor = Math.max(1, Math.ceil(Math.max(width, height) / edge));
  const size = {
    width: even(Math.max(1, Math.floor(width / factor))),
    height: even(Math.max(1, Math.floor(height / factor))),
  };

  function* frames(): Generator<TimeLapseFrame, void, undefined> {
    const document = loadDocument(stored);
    for (const seq of steps.toReversed())
      guardDocument(name, () => document.apply(stored.stepChanges(seq, 'undo')));
    const compositor = new CpuCompositor(document, { cacheBytes: 64 * 1024 * 1024 });
    try {
      const shrunk = new ShrunkPicture(document, compositor, size.width, size.height);
      if (shown.has(0)) yield { seq: floor, rgba: shrunk.picture() };
      for (const [index, seq] of steps.entries()) {
        guardDocument(name, () => document.apply(stored.stepChanges(seq, 'redo')));
        if (shown.has(index + 1)) yield { seq, rgba: shrunk.picture() };
      }
    } finally {
      compositor.dispose();
    }
  }
  return { ...size, count: shown.size, frames: frames() };
}

/** Video codecs halve the resolution of colour, so edges are even. */
function even(value: number): number {
  return Math.max(2, value - (value % 2));
}

/** A small copy of a document that follows it: only what changed is composited again. */
class ShrunkPicture {
  readonly #document: PaintDocument;
  readonly #compositor: CpuCompositor;
  readonly #width: number;
  readonly #height: number;
  readonly #rgba: Uint8Array<ArrayBuffer>;
  #shape = '';

  constructor(document: PaintDocument, compositor: CpuCompositor, width: number, height: number) {
    this.#document = document;
    this.#compositor = compositor;
    this.#width = width;
    this.#height = height;
    this.#rgba = new Uint8Array(width * height * 4);
  }

  /** The document as it is now. */
  picture(): Uint8Array<ArrayBuffer> {
    const { width, height, canvas } = this.#document;
    const damage = this.#compositor.takeDamage();
    const factor = Math.max(1, Math.ceil(Math.max(width / this.#width, height / this.#height)));
    if (this.#shape !== `${width} ${height}`) {
      this.#shape = `${width} ${height}`;
      this.#rgba.fill(SURROUND);
      for (let i = 3; i < this.#rgba.length; i += 4) this.#rgba[i] = 255;
      this.#shrink(canvas, factor);
    } else {
      for (const rect of damage) this.#shrink(rect, factor);
    }
    return Uint8Array.from(this.#rgba);
  }

  /** Averages squares of `factor` pixels, over white. */
  #shrink(rect: Rect, factor: number): void {
    const across = Math.min(this.#width, Math.max(1, Math.floor(this.#document.width / factor)));
    const down = Math.min(this.#height, Math.max(1, Math.floor(this.#document.height / factor)));
    const left = Math.floor((this.#width - across) / 2);
    const top = Math.floor((this.#height - down) / 2);
    const x0 = Math.max(0, Math.floor(rect.x / factor));
    const x1 = Math.min(across, Math.ceil((rect.x + rect.width) / factor));
    const y1 = Math.min(down, Math.ceil((rect.y + rect.height) / factor));
    if (x1 <= x0) return;
    const strip = new Uint8Array((x1 - x0) * factor * factor * 4);
    for (let y = Math.max(0, Math.floor(rect.y / factor)); y < y1; y++) {
      const source = { x: x0 * factor, y: y * factor, width: (x1 - x0) * factor, height: factor };
      this.#compositor.render(source, strip, 'premultiplied');
      for (let x = x0; x < x1; x++) {
        this.#average(
          strip,
          (x - x0) * factor,
          source.width,
          factor,
          ((top + y) * this.#width + left + x) * 4,
        );
      }
    }
  }

  #average(strip: Uint8Array, column: number, stride: number, factor: number, at: number): void {
    const sum = [0, 0, 0];
    for (let v = 0; v < factor; v++) {
      for (let u = 0; u < factor; u++) {
        const from = (v * stride + column + u) * 4;
        const white = 255 - (strip[from + 3] ?? 0);
        for (let k = 0; k < 3; k++) sum[k] = (sum[k] ?? 0) + (strip[from + k] ?? 0) + white;
      }
    }
    for (let k = 0; k < 3; k++) this.#rgba[at + k] = Math.round((sum[k] ?? 0) / (factor * factor));
  }
}
