import type { NamedSelection } from '../../engine/selection/pack-selection.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';

/** Selections that were given names, in the order in which they were saved; a name stands for one. */
export class SavedSelections {
  #list: readonly NamedSelection[] = [];
  readonly #listeners = new Set<() => void>();

  /** All of them; another array after every change. */
  get list(): readonly NamedSelection[] {
    return this.#list;
  }

  /** Takes over what was read from the file. */
  load(list: readonly NamedSelection[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }

  /** Saves a selection under a name, in place of an earlier one of that name. */
  save(name: string, mask: SelectionMask): void {
    this.load([...this.#list.filter((each) => each.name !== name), { name, mask }]);
  }

  /** Forgets one. */
  remove(name: string): void {
    this.load(this.#list.filter((each) => each.name !== name));
  }

  /** Calls back on every change; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
