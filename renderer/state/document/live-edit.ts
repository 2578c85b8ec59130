import type { Change } from '../../engine/changes.ts';
import type { Transaction } from '../../engine/history/transaction.ts';
import type { DocumentSession } from './document-session.ts';

/**
 * A change that is seen while a control is moved, and is one step of history when it is let go. Between the two nothing is
 * written to the file.
 */
export class LiveEdit {
  readonly #session: DocumentSession;
  readonly #label: string;
  readonly #giveWay: (() => void) | undefined;
  #transaction: Transaction | null = null;

  /**
   * @param label what the history list will say.
   * @param giveWay keeps or cancels this edit when another step is asked for; left out, that step is refused.
   */
  constructor(session: DocumentSession, label: string, giveWay?: () => void) {
    this.#session = session;
    this.#label = label;
    this.#giveWay = giveWay;
  }

  /** Shows these changes in place of the ones before. @throws EngineError when they do not fit; nothing is shown then. */
  show(changes: readonly Change[]): void {
    this.cancel();
    const transaction = this.#session.history.begin(this.#label, this.#giveWay);
    this.#transaction = transaction;
    try {
      transaction.apply(changes);
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  /** Makes what is shown a step. */
  keep(): void {
    const transaction = this.#transaction;
    this.#transaction = null;
    transaction?.commit();
  }

  /** Takes back what is shown. */
  cancel(): void {
    const transaction = this.#transaction;
    this.#transaction = null;
    transaction?.abort();
  }
}
