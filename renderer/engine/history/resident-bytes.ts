import { isPixelChange, type Change } from '../changes.ts';

/**
 * Counts the bytes that lists of changes keep alive. Neighbouring steps share tile arrays (one's `after` is the next
 * one's `before`), so each array counts once however many lists hold it.
 */
export class ResidentBytes {
  readonly #holders = new Map<Uint8Array, number>();
  #total = 0;

  /** Bytes of the distinct arrays held. */
  get total(): number {
    return this.#total;
  }

  /** Counts the arrays of a list in. */
  hold(changes: readonly Change[]): void {
    this.#count(changes, 1);
  }

  /** Counts the arrays of a list out. */
  release(changes: readonly Change[]): void {
    this.#count(changes, -1);
  }

  #count(changes: readonly Change[], step: 1 | -1): void {
    for (const change of changes) {
      if (change.type === 'note') this.#countOne(change.bytes, step);
      if (isPixelChange(change)) for (const { data } of change.tiles) this.#countOne(data, step);
    }
  }

  #countOne(data: Uint8Array | null, step: 1 | -1): void {
    if (!data) return;
    const before = this.#holders.get(data) ?? 0;
    const after = before + step;
    if (after > 0) this.#holders.set(data, after);
    else this.#holders.delete(data);
    if (before === 0 && after > 0) this.#total += data.byteLength;
    if (before > 0 && after === 0) this.#total -= data.byteLength;
  }
}
