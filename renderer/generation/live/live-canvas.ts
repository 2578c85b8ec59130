import type { Raster } from '../../../preload/contract/index.ts';
import { isEmptyRect, type Rect, unionRect } from '../../engine/geometry/rect.ts';
import { readWorkingPart, type WorkingPart, workingRect } from './frame-pixels.ts';

/** What is painted live: a frame of the document at the size that is worked on. */
export interface LivePlace {
  readonly frame: Rect;
  readonly width: number;
  readonly height: number;
}

/** The frame at working size, what of it changed, and when. */
export class LiveCanvas {
  readonly place: LivePlace;
  /** The change that last touched each working pixel. */
  readonly paintedAt: Uint32Array;
  readonly #read: (rect: Rect) => Uint8Array;
  readonly #rgba: Uint8Array<ArrayBuffer>;
  #dirty: Rect | null = null;
  #unsent: Rect | null = null;
  #number = 0;

  constructor(place: LivePlace, read: (rect: Rect) => Uint8Array) {
    this.place = place;
    this.#read = read;
    const { width, height } = place;
    this.paintedAt = new Uint32Array(width * height);
    this.#rgba = readWorkingPart(read, place.frame, place, { x: 0, y: 0, width, height }).rgba;
  }

  /** Counts changes; 0 is the canvas as it was first read. */
  get number(): number {
    return this.#number;
  }

  /** All of it as it is known. */
  get raster(): Raster {
    const { width, height } = this.place;
    return { width, height, rgba: this.#rgba };
  }

  /** Notes that a part of the document looks different. */
  touch(rect: Rect): void {
    const part = workingRect(rect, this.place.frame, this.place);
    if (part === null || isEmptyRect(part)) return;
    this.#dirty = this.#dirty ? unionRect(this.#dirty, part) : part;
  }

  /** Reads what was touched, as one change. @returns where it lies; null when nothing differs. */
  takeChange(): Rect | null {
    const dirty = this.#dirty;
    this.#dirty = null;
    if (dirty === null) return null;
    const read = readWorkingPart(this.#read, this.place.frame, this.place, dirty);
    const { width } = this.place;
    const next = this.#number + 1;
    let changed = false;
    for (let y = 0; y < dirty.height; y++) {
      for (let x = 0; x < dirty.width; x++) {
        const from = (y * dirty.width + x) * 4;
        const to = (dirty.y + y) * width + dirty.x + x;
        if (sameAt(read.rgba, from, this.#rgba, to * 4)) continue;
        this.#rgba.set(read.rgba.subarray(from, from + 4), to * 4);
        this.paintedAt[to] = next;
        changed = true;
      }
    }
    if (!changed) return null;
    this.#number = next;
    this.#unsent = this.#unsent ? unionRect(this.#unsent, dirty) : dirty;
    return dirty;
  }

  /** Pixels of everything that changed since the last call; null when nothing did. */
  takeUnsent(): WorkingPart | null {
    const part = this.#unsent;
    this.#unsent = null;
    if (part === null) return null;
    const rgba = new Uint8Array(part.width * part.height * 4);
    for (let y = 0; y < part.height; y++) {
      const from = ((part.y + y) * this.place.width + part.x) * 4;
      rgba.set(this.#rgba.subarray(from, from + part.width * 4), y * part.width * 4);
    }
    return { ...part, rgba };
  }
}

function sameAt(a: Uint8Array, i: number, b: Uint8Array, k: number): boolean {
  return a[i] === b[k] && a[i + 1] === b[k + 1] && a[i + 2] === b[k + 2] && a[i + 3] === b[k + 3];
}
