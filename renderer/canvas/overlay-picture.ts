import type { Rect } from '../engine/geometry/rect.ts';

/** A picture that is shown over the document but is not in it. */
export interface OverlayPicture {
  readonly image: CanvasImageSource;
  /** Where it lies in the document. */
  readonly frame: Rect;
}

/** How the picture is looked at while it is compared or painted in. */
export interface OverlayLook {
  /** Share of its width, from the left, where what was before is shown: 0 none, 1 all. */
  readonly before: number;
  /** Faint, so that what is painted in of it stands out. */
  readonly ghost: boolean;
}

type Listener = () => void;

/**
 * What is looked at in place without being in the picture: a running job's preview, or a staged result. Held outside
 * every store, since it is pixels.
 */
export class OverlaySlot {
  #picture: OverlayPicture | null = null;
  #under: OverlayPicture | null = null;
  #look: OverlayLook = { before: 0, ghost: false };
  readonly #listeners = new Set<Listener>();

  get picture(): OverlayPicture | null {
    return this.#picture;
  }

  /** How the picture is looked at. */
  get look(): OverlayLook {
    return this.#look;
  }

  /** Compares the picture with what is under it, or shows it as a ghost. */
  lookAt(look: Partial<OverlayLook>): void {
    this.#look = { ...this.#look, ...look };
    this.#tell();
  }

  /** What lies under it: the live picture. */
  get under(): OverlayPicture | null {
    return this.#under;
  }

  /** Shows another picture, or none. */
  show(picture: OverlayPicture | null): void {
    this.#picture = picture;
    this.#tell();
  }

  /** Shows another live picture, or none; also when the same canvas holds something else. */
  showUnder(picture: OverlayPicture | null): void {
    this.#under = picture;
    this.#tell();
  }

  /** Calls back when something else is shown; returns how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
