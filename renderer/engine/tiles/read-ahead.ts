/** Most tiles that are fetched in one go: 8 MiB of 8 bits, 16 of 16. */
export const LONGEST_RUN = 32;
/** Tiles of a row that may be missing between one run and the next. */
const GAP = 8;

/**
 * How many tiles to fetch in one go by one who cannot wait, from where he looks: more and more while he goes through rows one tile
 * after the other, and one where he looks here and there. Where what was fetched ahead is gone before it is looked at (the
 * memory is full of others) it becomes less again.
 */
export class ReadAhead {
  #row = Number.NaN;
  #from = 0;
  #to = 0;
  #length = 1;

  /** Tells that tile (tx, ty) has to be fetched. @returns how many places of its row, it counted, to fetch. */
  at(tx: number, ty: number): number {
    const inRow = ty === this.#row;
    const isGoneAgain = inRow && tx >= this.#from && tx < this.#to;
    const isNext = inRow ? tx >= this.#to && tx <= this.#to + GAP : ty === this.#row + 1 && tx <= this.#to;
    if (isGoneAgain) this.#length = Math.max(1, this.#length >> 1);
    else this.#length = isNext ? Math.min(LONGEST_RUN, this.#length * 2) : 1;
    this.#row = ty;
    this.#from = tx;
    this.#to = tx + this.#length;
    return this.#length;
  }
}
