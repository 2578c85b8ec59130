/** Hands on the latest of what comes for each key, all keys together and at most every `milliseconds`; the first at once. */
export class Paced<T> {
  readonly #latest = new Map<string, T>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #milliseconds: number;
  readonly #hand: (key: string, value: T) => void;

  constructor(milliseconds: number, hand: (key: string, value: T) => void) {
    this.#milliseconds = milliseconds;
    this.#hand = hand;
  }

  /** Takes what has come. */
  take(key: string, value: T): void {
    this.#latest.set(key, value);
    if (this.#timer === null) this.#handAll();
  }

  /** Forgets what has come for a key and was not handed on. */
  drop(key: string): void {
    this.#latest.delete(key);
  }

  #handAll(): void {
    const due = [...this.#latest];
    this.#latest.clear();
    this.#timer =
      due.length === 0
        ? null
        : setTimeout(() => {
            this.#timer = null;
            this.#handAll();
          }, this.#milliseconds);
    for (const [key, value] of due) this.#hand(key, value);
  }
}
