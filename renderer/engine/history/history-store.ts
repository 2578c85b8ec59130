import type { Change } from '../changes.ts';

/** One step as lists show it. */
export interface HistoryStep {
  /** Counts up from 1 in the order of commits; never used twice for two different steps that are both kept. */
  readonly seq: number;
  readonly label: string;
}

/** A step with its pixels: `after` leads from the state before it to the state after it, `before` leads back. */
export interface HistoryEntry extends HistoryStep {
  readonly before: Change[];
  readonly after: Change[];
  /** Bytes of both lists. */
  readonly bytes: number;
}

/** Where pixels of steps live that are no longer in memory: the document's journal. Given from outside. */
export interface HistoryStore {
  /**
   * The changes that lead from the state after step `from` to the state after step `to` (0: before the first).
   * They are applied in order. Rejects when the journal cannot supply them.
   */
  changesBetween(from: number, to: number): Promise<Change[]>;
}
