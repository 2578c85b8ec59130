import { StudioError } from '../../../preload/contract/index.ts';
import type { Change } from '../../engine/changes.ts';
import type { HistoryEntry, HistoryStore } from '../../engine/history/history-store.ts';
import type { StudioLink } from '../studio-link.ts';
import type { SaveState } from './document-store.ts';

interface Job {
  readonly name: string;
  run(): Promise<void>;
}

const RETRY_MILLISECONDS = 1500;

/**
 * Carries steps to the document's file in the order in which they were made, one at a time. While the studio cannot be
 * reached, or the disk is full, steps wait here in memory and go in order later; nothing is ever dropped or overtaken.
 */
export class Journal implements HistoryStore {
  readonly #link: StudioLink;
  readonly #documentId: string;
  readonly #onState: (state: SaveState) => void;
  readonly #onTrouble: (error: StudioError) => void;
  /** The file's number of each step that this page made; steps read from the file keep theirs. */
  readonly #fileSeq = new Map<number, number>();
  readonly #jobs: Job[] = [];
  #head: number;
  #working = false;
  #wake: (() => void) | null = null;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(
    link: StudioLink,
    documentId: string,
    head: number,
    onState: (state: SaveState) => void,
    onTrouble: (error: StudioError) => void,
  ) {
    this.#link = link;
    this.#documentId = documentId;
    this.#head = head;
    this.#onState = onState;
    this.#onTrouble = onTrouble;
  }

  /** Steps and moves that are not on disk yet. */
  get waiting(): number {
    return this.#jobs.length;
  }

  /** Hands over a step that was just made. */
  commit(entry: HistoryEntry): void {
    this.#head = entry.seq;
    this.#push({
      name: entry.label,
      run: async () => {
        const { step } = await this.#link.request('documents.commit', {
          documentId: this.#documentId,
          label: entry.label,
          changes: entry.after,
        });
        this.#fileSeq.set(entry.seq, step.seq);
      },
    });
  }

  /** Notes that the head of history now stands after step `head`; the file follows. */
  moveHead(head: number): void {
    if (head === this.#head) return;
    this.#head = head;
    this.#push({
      name: 'move',
      run: async () => {
        await this.#link.request('documents.move-head', {
          documentId: this.#documentId,
          head: this.#inFile(head),
          withChanges: false,
        });
      },
    });
  }

  /** Moves the file's head and returns the changes that lead there, for steps that are not in memory. */
  changesBetween(_from: number, to: number): Promise<Change[]> {
    this.#head = to;
    return new Promise((resolve, reject) => {
      this.#push({
        name: 'read back',
        run: async () => {
          try {
            const answer = await this.#link.request('documents.move-head', {
              documentId: this.#documentId,
              head: this.#inFile(to),
              withChanges: true,
            });
            resolve(answer.changes);
          } catch (error) {
            if (isLinkError(error)) throw error;
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        },
      });
    });
  }

  /** Tries again at once what waits, for instance when the link is back. */
  retry(): void {
    this.#wake?.();
  }

  /** Resolves when nothing waits any more. */
  settled(): Promise<void> {
    if (this.#jobs.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Stops trying; for a document that is left behind. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  #inFile(seq: number): number {
    return this.#fileSeq.get(seq) ?? seq;
  }

  #push(job: Job): void {
    this.#jobs.push(job);
    this.#onState({ kind: 'saving', waiting: this.#jobs.length });
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (!this.#closed) {
      const job = this.#jobs[0];
      if (!job) break;
      try {
        await job.run();
        this.#jobs.shift();
        if (this.#jobs.length > 0) this.#onState({ kind: 'saving', waiting: this.#jobs.length });
      } catch (error) {
        const trouble = asStudioError(error);
        this.#onState({ kind: 'held', waiting: this.#jobs.length, reason: trouble.message });
        this.#onTrouble(trouble);
        await this.#pause();
      }
    }
    this.#working = false;
    if (this.#jobs.length > 0) return;
    this.#onState({ kind: 'saved', at: Date.now() });
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(resume, RETRY_MILLISECONDS);
      this.#wake = resume;
    });
  }
}

function isLinkError(error: unknown): boolean {
  return error instanceof StudioError && error.code.startsWith('link/');
}

function asStudioError(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  return new StudioError(
    'studio/bug',
    `This step could not be written: ${error instanceof Error ? error.message : String(error)}`,
    'It is kept in this window and tried again.',
  );
}
