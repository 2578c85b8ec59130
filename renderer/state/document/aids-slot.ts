import { create } from 'zustand';
import { type Aids, NO_AIDS, packAids, unpackAids } from '../../engine/aids/aids.ts';
import type { Change } from '../../engine/changes.ts';
import type { KeepNote } from './keep-note.ts';

/** Guides, grid and drawing rulers of the open document as they are shown; while one is dragged, as it would be. */
export const useAids = create<Aids>()(() => NO_AIDS);

/** The aids of the open document; every change is a step of history. */
export class AidsSlot {
  readonly #keep: KeepNote;
  #now: Aids = NO_AIDS;

  /** @param keep makes other aids a step of history. */
  constructor(keep: KeepNote) {
    this.#keep = keep;
  }

  /** What is kept. */
  get now(): Aids {
    return this.#now;
  }

  /** Shows other aids while something is dragged; nothing is kept. */
  sketch(change: Partial<Aids>): void {
    useAids.setState({ ...this.#now, ...change });
  }

  /** Shows again what is kept. */
  cancel(): void {
    useAids.setState(this.#now);
  }

  /** Makes a change a step of history. @param label what the history list will say. */
  set(label: string, change: Partial<Aids>): void {
    const next = { ...this.#now, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#now)) this.cancel();
    else if (!this.#keep('aids', label, packAids(next))) this.#show(next);
  }

  /** What makes these the aids as part of a larger step. */
  changesFor(aids: Aids): Change[] {
    const same = JSON.stringify(aids) === JSON.stringify(this.#now);
    return same ? [] : [{ type: 'note', key: 'aids', bytes: packAids(aids) }];
  }

  /** Shows what the document says now. @throws EngineError for bytes that are no aids. */
  follow(bytes: Uint8Array | null): void {
    this.#show(unpackAids(bytes));
  }

  #show(aids: Aids): void {
    this.#now = aids;
    useAids.setState(aids);
  }
}
