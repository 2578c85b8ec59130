/** Keys that change what the pointer does while they are down. */
export type HeldKey = 'space' | 'size' | 'turn' | 'zoom';

/** Which of the keys that lend the pointer another meaning are down; released all at once when the window loses focus. */
export class HeldKeys {
  readonly #down = new Set<HeldKey>();
  readonly #listeners = new Set<() => void>();

  has(key: HeldKey): boolean {
    return this.#down.has(key);
  }

  press(key: HeldKey): void {
    if (this.#down.has(key)) return;
    this.#down.add(key);
    this.#tell();
  }

  release(key: HeldKey): void {
    if (this.#down.delete(key)) this.#tell();
  }

  releaseAll(): void {
    this.#down.clear();
    this.#tell();
  }

  /** Calls back on every change; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
