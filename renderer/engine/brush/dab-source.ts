import { applyAffine, type Affine } from '../transform/affine.ts';
import type { Brush, Sample } from './brush.ts';
import type { Dab } from './dab.ts';
import { StrokePath } from './stroke-path.ts';

/** Receives each dab; `copy` is 0 where the pen is, then counts the reflections. */
export type PlaceDab = (dab: Dab, copy: number) => void;

/** Dabs of a stroke, with their reflections. */
export class DabSource {
  readonly #path: StrokePath;
  readonly #symmetry: readonly Affine[];

  /** @param symmetry where each dab is printed besides where the pen is; without scaling or shear. */
  constructor(brush: Brush, seed: number, symmetry: readonly Affine[]) {
    this.#path = new StrokePath(brush, seed);
    this.#symmetry = symmetry;
  }

  /** Where the line has got to. */
  get tip(): { readonly x: number; readonly y: number } | null {
    return this.#path.tip;
  }

  extend(samples: readonly Sample[], place: PlaceDab): void {
    this.#path.extend(samples, (dab) => this.#reflect(dab, place));
  }

  finish(place: PlaceDab): void {
    this.#path.finish((dab) => this.#reflect(dab, place));
  }

  #reflect(dab: Dab, place: PlaceDab): void {
    place(dab, 0);
    for (const [index, map] of this.#symmetry.entries()) {
      const mirrored = map.a * map.d - map.b * map.c < 0;
      const turn = Math.atan2(map.b, map.a);
      const angle = (mirrored ? -dab.angle : dab.angle) + turn;
      place({ ...dab, ...applyAffine(map, dab), angle }, index + 1);
    }
  }
}
