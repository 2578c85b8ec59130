import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { compactChanges } from './compact-changes.ts';

/**
 * An open step: its changes are in the document at once and become one step of history on commit, or none on abort.
 * Made by `History.begin`.
 */
export class Transaction {
  readonly label: string;
  readonly #document: PaintDocument;
  readonly #finish: (before: Change[], after: Change[]) => void;
  readonly #before: Change[][] = [];
  readonly #after: Change[] = [];
  #open = true;

  constructor(document: PaintDocument, label: string, finish: (before: Change[], after: Change[]) => void) {
    this.label = label;
    this.#document = document;
    this.#finish = finish;
  }

  /** True until commit or abort. */
  get open(): boolean {
    return this.#open;
  }

  /** Applies changes to the document as part of this step. @throws EngineError as `PaintDocument.apply`. */
  apply(changes: readonly Change[]): void {
    this.#assertOpen();
    this.#before.push(this.#document.apply(changes));
    this.#after.push(...changes);
  }

  /** Makes everything applied so far one step. A transaction that changed nothing leaves none. */
  commit(): void {
    this.#close();
    this.#finish(compactChanges(this.#before.toReversed().flat()), compactChanges(this.#after));
  }

  /** Takes everything back, bit for bit; no step remains. */
  abort(): void {
    this.#close();
    this.#document.apply(this.#before.toReversed().flat());
    this.#finish([], []);
  }

  #assertOpen(): void {
    if (!this.#open)
      throw new EngineError('transaction-closed', `The step "${this.label}" is already finished.`);
  }

  #close(): void {
    this.#assertOpen();
    this.#open = false;
  }
}
