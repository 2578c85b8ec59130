/** What was made of tiles, kept by tile key within a budget of bytes; what was asked for longest ago goes first. */
export class KeptTiles<T> {
  readonly #budget: number;
  readonly #kept = new Map<number, { readonly value: T; readonly bytes: number }>();
  #bytes = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  get(key: number): T | undefined {
    const entry = this.#kept.get(key);
    if (!entry) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    return entry.value;
  }

  put(key: number, value: T, bytes: number): void {
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#kept) {
      if (this.#bytes <= this.#budget || oldest === key) break;
      this.#remove(oldest, entry.bytes);
    }
  }

  /** Lets those go whose key answers true. */
  drop(isStale: (key: number) => boolean): void {
    for (const [key, { bytes }] of this.#kept) if (isStale(key)) this.#remove(key, bytes);
  }

  #remove(key: number, bytes: number): void {
    this.#kept.delete(key);
    this.#bytes -= bytes;
  }
}
