import {
  type NamedSelection,
  packNamedSelections,
  unpackNamedSelections,
} from '../../engine/selection/pack-selection.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import type { KeepNote } from './keep-note.ts';

/** Selections that were given names, in the order in which they were saved; a name stands for one. */
export class SavedSelections {
  readonly #keep: KeepNote;
  #list: readonly NamedSelection[] = [];
  readonly #listeners = new Set<() => void>();

  /** @param keep makes another list a step of history. */
  constructor(keep: KeepNote) {
    this.#keep = keep;
  }

  /** All of them; another array after every change. */
  get list(): readonly NamedSelection[] {
    return this.#list;
  }

  /** Shows what the document says is saved now. @throws EngineError for bytes that are no selections. */
  follow(bytes: Uint8Array | null): void {
    this.#list = bytes ? unpackNamedSelections(bytes) : [];
    for (const listener of this.#listeners) listener();
  }

  /** Saves a selection under a name, in place of an earlier one of that name. */
  save(name: string, mask: SelectionMask): void {
    this.#replace('Save selection', [...this.#list.filter((each) => each.name !== name), { name, mask }]);
  }

  /** Forgets one. */
  remove(name: string): void {
    this.#replace(
      'Forget selection',
      this.#list.filter((each) => each.name !== name),
    );
  }

  /** Calls back on every change; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #replace(label: string, list: readonly NamedSelection[]): void {
    this.#keep('saved-selections', label, list.length > 0 ? packNamedSelections(list) : null);
  }
}
