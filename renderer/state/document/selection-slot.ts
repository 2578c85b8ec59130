import { combineSelections, type SelectionMode } from '../../engine/selection/combine.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { isEmptyRect } from '../../engine/geometry/rect.ts';

/** A point in document pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * What is selected in the open document, and the line that is being drawn to select more. Pixels, so held outside
 * every store; panels learn through `useSelection` only whether something is selected.
 */
export class SelectionSlot {
  #mask: SelectionMask | null = null;
  #former: SelectionMask | null = null;
  #draft: readonly Point[] = [];
  readonly #listeners = new Set<() => void>();

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
  join(mask: SelectionMask, mode: SelectionMode): void {
    const base = this.#mask;
    const joined = base ? combineSelections(base, mask, mode) : mode === 'subtract' ? null : mask;
    this.#draft = [];
    this.set(joined);
  }

  /** Selects exactly this; null or nothing at all means everything. */
  set(mask: SelectionMask | null): void {
    const next = mask && !isEmptyRect(mask.bounds()) ? mask : null;
    if (this.#mask && !next) this.#former = this.#mask;
    this.#mask = next;
    this.#tell();
  }

  /** Selects again what was selected before the last "Deselect". */
  reselect(): void {
    if (this.#former) this.set(this.#former);
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
