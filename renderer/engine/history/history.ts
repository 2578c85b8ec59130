import { changesBytes, type Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import type { HistoryEntry, HistoryStep, HistoryStore } from './history-store.ts';
import { ResidentBytes } from './resident-bytes.ts';
import { Transaction } from './transaction.ts';

/** What a history is made with. */
export interface HistoryOptions {
  /** Bytes of pixels that steps may keep in memory; older ones are dropped first. Default 512 MiB. */
  readonly budgetBytes?: number;
  /** Supplies steps whose pixels are not in memory. Without it such steps are forgotten instead. */
  readonly store?: HistoryStore;
  /** Steps of an opened document, oldest first; their pixels are with the store. */
  readonly steps?: readonly HistoryStep[];
  /** `seq` of the last applied of those steps, 0 before the first. Default: the last one. */
  readonly head?: number;
  /** `seq` of the newest step that the store has forgotten; 0 when it reaches back to the beginning. */
  readonly base?: number;
}

/** What happened to the history. */
export type HistoryEvent =
  | { readonly type: 'commit'; readonly entry: HistoryEntry }
  | { readonly type: 'move'; readonly head: number };

interface Slot {
  readonly step: HistoryStep;
  entry: HistoryEntry | null;
}

const DEFAULT_BUDGET = 512 * 1024 * 1024;

/**
 * Undo and redo of one document: named steps, made by begin / commit / abort and never merged by time. Each holds the
 * tiles it changed and knows its bytes; beyond the budget the oldest lose their pixels and the store supplies them.
 */
export class History {
  readonly #document: PaintDocument;
  readonly #store: HistoryStore | undefined;
  readonly #budget: number;
  readonly #listeners = new Set<(event: HistoryEvent) => void>();
  readonly #resident = new ResidentBytes();
  #slots: Slot[];
  /** Steps applied: the first `#applied` slots. */
  #applied: number;
  #transaction: Transaction | null = null;
  #giveWay: (() => void) | undefined;
  #moving: Promise<unknown> = Promise.resolve();
  #lastSeq: number;
  /** `seq` of the newest step that was forgotten altogether; the state before the first slot is the one after it. */
  #base = 0;
  /** Moves asked for and not finished. */
  #pending = 0;

  constructor(document: PaintDocument, options: HistoryOptions = {}) {
    this.#document = document;
    this.#store = options.store;
    this.#budget = options.budgetBytes ?? DEFAULT_BUDGET;
    this.#slots = (options.steps ?? []).map((step) => ({ step, entry: null }));
    this.#base = options.base ?? 0;
    const head = options.head ?? this.#slots.at(-1)?.step.seq ?? this.#base;
    this.#applied = this.#slots.filter((slot) => slot.step.seq <= head).length;
    this.#lastSeq = Math.max(head, this.#slots.at(-1)?.step.seq ?? 0);
  }

  /** All steps, oldest first, undone ones included. */
  get steps(): readonly HistoryStep[] {
    return this.#slots.map((slot) => slot.step);
  }

  /** `seq` of the last applied step; before the first, that of the newest forgotten one or 0. */
  get head(): number {
    return this.#slots[this.#applied - 1]?.step.seq ?? this.#base;
  }

  /** `seq` that stands for the earliest state there is. */
  get base(): number {
    return this.#base;
  }

  /** True while a step is being made. */
  get isOpen(): boolean {
    return this.#transaction !== null;
  }

  get canUndo(): boolean {
    return this.#applied > 0 && this.#transaction === null;
  }

  get canRedo(): boolean {
    return this.#applied < this.#slots.length && this.#transaction === null;
  }

  /** Bytes of pixels that steps keep in memory. */
  get residentBytes(): number {
    return this.#resident.total;
  }

  /** Calls `listener` after each commit and each move of the head; returns how to stop. */
  subscribe(listener: (event: HistoryEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens a step.
   * @param label what people read in the history list.
   * @param giveWay commits or aborts the step when another is asked for; for steps that wait long, as text being written.
   * @throws EngineError `transaction-open` when another is open and does not give way.
   */
  begin(label: string, giveWay?: () => void): Transaction {
    if (this.#transaction) this.#giveWay?.();
    if (this.#transaction) {
      throw new EngineError(
        'transaction-open',
        `"${this.#transaction.label}" has to be finished before "${label}" starts.`,
      );
    }
    const transaction = new Transaction(this.#document, label, (before, after) => {
      this.#transaction = null;
      if (after.length > 0) this.#commit(label, before, after);
    });
    this.#transaction = transaction;
    this.#giveWay = giveWay;
    return transaction;
  }

  /** Applies changes as one step. @throws EngineError as `begin` and `PaintDocument.apply`; nothing is changed then. */
  record(label: string, changes: readonly Change[]): void {
    const transaction = this.begin(label);
    try {
      transaction.apply(changes);
    } catch (error) {
      transaction.abort();
      throw error;
    }
    transaction.commit();
  }

  /** Forgets applied steps up to `seq`, which the store has given up; undone ones stay. */
  forget(seq: number): void {
    const count = this.#slots.slice(0, this.#applied).filter((slot) => slot.step.seq <= seq).length;
    for (const slot of this.#slots.splice(0, count)) {
      this.#base = slot.step.seq;
      this.#drop(slot);
    }
    this.#applied -= count;
  }

  /** Takes the last step back. @returns false when there is none. @throws as `moveTo`. */
  undo(): Promise<boolean> {
    return this.#enqueue(() => {
      if (this.#applied === 0) return null;
      return this.#slots[this.#applied - 2]?.step.seq ?? this.#base;
    });
  }

  /** Does the next undone step again. @returns false when there is none. @throws as `moveTo`. */
  redo(): Promise<boolean> {
    return this.#enqueue(() => this.#slots[this.#applied]?.step.seq ?? null);
  }

  /**
   * Walks to the state right after step `seq`, 0 for the earliest state there is. Resident steps are applied before
   * this returns its promise; others wait for the store.
   * @throws EngineError `transaction-open` while a step is open, `history-unavailable` when pixels cannot be supplied;
   * the document is then at the last state that was reached.
   */
  async moveTo(seq: number): Promise<void> {
    await this.#enqueue(() => seq);
  }

  #enqueue(target: () => number | null): Promise<boolean> {
    const idle = this.#pending === 0;
    this.#pending++;
    const run = (): Promise<boolean> => {
      const seq = target();
      return seq === null ? Promise.resolve(false) : this.#walk(seq).then(() => true);
    };
    // An idle history moves at once, so that a resident undo is seen in the same frame.
    const moved = idle ? run() : this.#moving.then(run, run);
    const settled = moved.finally(() => this.#pending--);
    this.#moving = settled.catch(() => false);
    return settled;
  }

  async #walk(seq: number): Promise<void> {
    const count = seq <= this.#base ? 0 : this.#slots.findIndex((slot) => slot.step.seq === seq) + 1;
    if (seq > this.#base && count === 0)
      throw new EngineError('history-unavailable', `There is no step ${seq} in the history.`);
    while (this.#applied !== count) {
      if (this.#transaction) {
        throw new EngineError(
          'transaction-open',
          `"${this.#transaction.label}" has to be finished before history moves.`,
        );
      }
      const back = count < this.#applied;
      const entry = this.#slots[back ? this.#applied - 1 : this.#applied]?.entry;
      if (entry) {
        this.#document.apply(back ? entry.before : entry.after);
        this.#applied += back ? -1 : 1;
        this.#tell({ type: 'move', head: this.head });
      } else {
        await this.#fetchStep(back);
      }
    }
  }

  async #fetchStep(back: boolean): Promise<void> {
    const from = this.head;
    const next = back ? this.#applied - 1 : this.#applied + 1;
    const to = this.#slots[next - 1]?.step.seq ?? this.#base;
    const changes = await this.#store?.changesBetween(from, to).catch(() => undefined);
    if (!changes || this.head !== from || this.#transaction) {
      throw new EngineError(
        'history-unavailable',
        'The pixels of this step could not be read back; nothing was changed.',
      );
    }
    this.#document.apply(changes);
    this.#applied = next;
    this.#tell({ type: 'move', head: to });
  }

  #commit(label: string, before: Change[], after: Change[]): void {
    for (const slot of this.#slots.splice(this.#applied)) this.#drop(slot);
    this.#lastSeq++;
    const entry: HistoryEntry = {
      seq: this.#lastSeq,
      label,
      before,
      after,
      bytes: changesBytes(before) + changesBytes(after),
    };
    this.#slots.push({ step: { seq: entry.seq, label }, entry });
    this.#applied = this.#slots.length;
    this.#resident.hold(before);
    this.#resident.hold(after);
    this.#trim();
    this.#tell({ type: 'commit', entry });
  }

  #drop(slot: Slot): void {
    if (!slot.entry) return;
    this.#resident.release(slot.entry.before);
    this.#resident.release(slot.entry.after);
    slot.entry = null;
  }

  #trim(): void {
    for (let i = 0; i < this.#slots.length - 1 && this.#resident.total > this.#budget; i++) {
      const slot = this.#slots[i];
      if (slot) this.#drop(slot);
    }
    if (this.#store) return;
    const kept = this.#slots.findIndex((slot) => slot.entry !== null);
    const forgotten = this.#slots.splice(0, kept);
    this.#base = forgotten.at(-1)?.step.seq ?? this.#base;
    this.#applied -= kept;
  }

  #tell(event: HistoryEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
