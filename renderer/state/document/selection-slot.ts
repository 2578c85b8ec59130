import { MAX_NOTE_BYTES } from '../../../preload/contract/index.ts';
import type { Change } from '../../engine/changes.ts';
import { combineSelections, type SelectionMode } from '../../engine/selection/combine.ts';
import { packedBytes, packSelection, unpackSelection } from '../../engine/selection/pack-selection.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { isEmptyRect } from '../../engine/geometry/rect.ts';
import { tell } from '../status-store.ts';
import type { KeepNote } from './keep-note.ts';

/** A point in document pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * What is selected in the open document, and the line that is being drawn to select more. Pixels, so held outside
 * every store; panels learn through `useSelection` only whether something is selected. Every change is a step of history.
 */
export class SelectionSlot {
  readonly #keep: KeepNote;
  #mask: SelectionMask | null = null;
  #former: SelectionMask | null = null;
  #draft: readonly Point[] = [];
  /** The document's note. */
  #kept: Uint8Array | null = null;
  /** The last mask that was packed or unpacked, so that a step's own mask is not unpacked again. */
  #known: { readonly bytes: Uint8Array | null; readonly mask: SelectionMask | null } | null = null;
  readonly #listeners = new Set<() => void>();

  /** @param keep makes a new selection a step of history. */
  constructor(keep: KeepNote) {
    this.#keep = keep;
  }

  /** What is selected, or null for everything. */
  get mask(): SelectionMask | null {
    return this.#mask;
  }

  /** The closed line that is being drawn; empty when none is. */
  get draft(): readonly Point[] {
    return this.#draft;
  }

  /** Shows a line that would select, without selecting yet. */
  sketch(points: readonly Point[]): void {
    this.#draft = points;
    this.#tell();
  }

  /** Joins a new selection with the one there is; an empty outcome selects nothing in particular again. */
  join(mask: SelectionMask, mode: SelectionMode, label: string): void {
    const base = this.#mask;
    const joined = base ? combineSelections(base, mask, mode) : mode === 'subtract' ? null : mask;
    this.#draft = [];
    this.set(joined, label);
  }

  /** Selects exactly this; null or nothing at all means everything. @param label what the history list will say. */
  set(mask: SelectionMask | null, label: string): void {
    const changes = this.changesFor(mask);
    const change = changes?.[0];
    if (change?.type === 'note' && this.#keep('selection', label, change.bytes)) return;
    // Nothing new, or nowhere to keep it.
    this.#show(nothingToNull(mask));
  }

  /**
   * What selects this as part of a larger step: no change where it is selected already; null for a selection that is too
   * intricate to be kept.
   */
  changesFor(mask: SelectionMask | null): Change[] | null {
    const next = nothingToNull(mask);
    if (next && packedBytes(next) > MAX_NOTE_BYTES) {
      tell({
        level: 'warn',
        message: 'This selection is too intricate to be kept with the document: undo passes over it.',
        remedy: 'Smooth it, or select less.',
      });
      return null;
    }
    const bytes = next && packSelection(next);
    if (sameBytes(this.#kept, bytes)) return [];
    this.#known = { bytes, mask: next };
    return [{ type: 'note', key: 'selection', bytes }];
  }

  /** Shows what the document says is selected now: after a step was made, undone or done again. @throws EngineError */
  follow(bytes: Uint8Array | null): void {
    this.#kept = bytes;
    if (this.#known?.bytes !== bytes)
      this.#known = { bytes, mask: bytes && nothingToNull(unpackSelection(bytes)) };
    this.#show(this.#known.mask);
  }

  /** Shows another selection while something is dragged; nothing is kept. */
  preview(mask: SelectionMask | null): void {
    this.#mask = mask;
    this.#tell();
  }

  /** Selects again what was selected before the last "Deselect". */
  reselect(): void {
    if (this.#former) this.set(this.#former, 'Reselect');
  }

  /** Calls back on every change; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #show(mask: SelectionMask | null): void {
    if (this.#mask && !mask) this.#former = this.#mask;
    this.#mask = mask;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function nothingToNull(mask: SelectionMask | null): SelectionMask | null {
  return mask && !isEmptyRect(mask.bounds()) ? mask : null;
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === b) return true;
  return a !== null && a.length === b?.length && a.every((value, index) => value === b[index]);
}
