import { type DocumentState, StudioError } from '../../../preload/contract/index.ts';
import type { Change } from '../../engine/changes.ts';
import type { HistoryEntry, HistoryStore } from '../../engine/history/history-store.ts';
import type { StudioLink } from '../studio-link.ts';
import type { SaveState } from './document-store.ts';
import { splitStep } from './split-step.ts';

interface Job {
  run(): Promise<void>;
  /** True when a document that was opened again shows that this job was done before its answer was lost. */
  doneIn(state: DocumentState): boolean;
}

/** What a journal writes to and tells. */
export interface JournalOptions {
  readonly link: StudioLink;
  /** The document as it was opened. */
  readonly state: Pick<DocumentState, 'id' | 'head' | 'floor'>;
  /** Opens the file again after the studio was restarted. */
  reopen(): Promise<DocumentState>;
  onState(state: SaveState): void;
  /** The file has given up its oldest steps, up to this one of the page's. */
  onThinned(seq: number): void;
  onTrouble(error: StudioError): void;
}

const RETRY_MILLISECONDS = 1500;

/**
 * Carries steps to the document's file in the order in which they were made, one at a time. While the studio cannot be
 * reached, or the disk is full, steps wait here in memory and go in order later; nothing is ever dropped or overtaken.
 */
export class Journal implements HistoryStore {
  readonly #options: JournalOptions;
  readonly #link: StudioLink;
  #documentId: string;
  /** The file's number of the last step that is known to be applied there. */
  #fileHead: number;
  /** The file's number of the newest step that it gave up. */
  #floor: number;
  /** The file's number of each step that this page made; steps read from the file keep theirs. */
  readonly #fileSeq = new Map<number, number>();
  readonly #jobs: Job[] = [];
  #head: number;
  #working = false;
  #wake: (() => void) | null = null;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#link = options.link;
    this.#documentId = options.state.id;
    this.#fileHead = options.state.head;
    this.#head = options.state.head;
    this.#floor = options.state.floor;
  }

  /** The studio's name for the open document; another one after the studio was restarted. */
  get documentId(): string {
    return this.#documentId;
  }

  /** Steps and moves that are not on disk yet. */
  get waiting(): number {
    return this.#jobs.length;
  }

  /** Hands over a step that was just made. */
  commit(entry: HistoryEntry): void {
    this.#head = entry.seq;
    this.#push({
      doneIn: (state) => {
        const last = state.history.find((step) => step.seq === state.head);
        if (state.head <= this.#fileHead || last?.label !== entry.label) return false;
        this.#fileSeq.set(entry.seq, state.head);
        return true;
      },
      run: async () => {
        const parts = splitStep(entry.after);
        const last = parts.pop() ?? [];
        for (const [part, changes] of parts.entries())
          await this.#link.request('documents.stage-part', {
            documentId: this.#documentId,
            part,
            changes,
          });
        const { step, floor } = await this.#link.request('documents.commit', {
          documentId: this.#documentId,
          label: entry.label,
          changes: last,
          parts: parts.length,
        });
        this.#fileSeq.set(entry.seq, step.seq);
        this.#fileHead = step.seq;
        this.#noteFloor(floor);
      },
    });
  }

  /** Notes that the head of history now stands after step `head`; the file follows. */
  moveHead(head: number): void {
    if (head === this.#head) return;
    this.#head = head;
    this.#push({
      doneIn: (state) => state.head === this.#inFile(head),
      run: async () => {
        await this.#link.request('documents.move-head', {
          documentId: this.#documentId,
          head: this.#inFile(head),
          withChanges: false,
        });
        this.#fileHead = this.#inFile(head);
      },
    });
  }

  /**
   * Moves the file's head and returns the changes that lead there, for steps that are not in memory. They are read before
   * the head moves, in parts, since a step may be larger than a message.
   */
  changesBetween(_from: number, to: number): Promise<Change[]> {
    this.#head = to;
    return new Promise((resolve, reject) => {
      this.#push({
        doneIn: () => false,
        run: async () => {
          try {
            const move = { documentId: this.#documentId, head: this.#inFile(to) };
            const changes: Change[] = [];
            for (let part = 0, parts = 1; part < parts; part++) {
              const answer = await this.#link.request('documents.read-move', { ...move, part });
              changes.push(...answer.changes);
              parts = answer.parts;
            }
            await this.#link.request('documents.move-head', { ...move, withChanges: false });
            this.#fileHead = move.head;
            resolve(changes);
          } catch (error) {
            if (isLinkError(error) || wasRestarted(error)) throw error;
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        },
      });
    });
  }

  /** Asks something of the studio, so that a file is opened again that a restarted one does not know. */
  recover(): Promise<void> {
    return new Promise((resolve) => {
      this.#push({
        doneIn: () => false,
        run: async () => {
          await this.#link.request('documents.read-notes', { documentId: this.#documentId });
          resolve();
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

  /** Writes to a copy of the file from now on, whose steps have the same numbers; what waits is tried there at once. */
  goOnIn(documentId: string): void {
    this.#documentId = documentId;
    this.retry();
  }

  /** Stops trying; for a document that is left behind. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  #noteFloor(floor: number): void {
    if (floor <= this.#floor) return;
    this.#floor = floor;
    let last = floor;
    for (const [seq, inFile] of this.#fileSeq) {
      if (inFile > floor) continue;
      last = inFile === floor ? seq : last;
      if (inFile < floor) this.#fileSeq.delete(seq);
    }
    this.#options.onThinned(last);
  }

  #inFile(seq: number): number {
    return this.#fileSeq.get(seq) ?? seq;
  }

  #push(job: Job): void {
    this.#jobs.push(job);
    this.#options.onState({ kind: 'saving', waiting: this.#jobs.length });
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
        if (this.#jobs.length > 0) this.#options.onState({ kind: 'saving', waiting: this.#jobs.length });
      } catch (error) {
        if (wasRestarted(error) && (await this.#reopen(job))) continue;
        const trouble = asStudioError(error);
        this.#options.onState({ kind: 'held', waiting: this.#jobs.length, reason: trouble.message });
        this.#options.onTrouble(trouble);
        await this.#pause();
      }
    }
    this.#working = false;
    if (this.#jobs.length > 0) return;
    this.#options.onState({ kind: 'saved', at: Date.now() });
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Opens the file again in a studio that was restarted. @returns false when that failed too. */
  async #reopen(job: Job): Promise<boolean> {
    try {
      const state = await this.#options.reopen();
      this.#documentId = state.id;
      if (job.doneIn(state)) this.#jobs.shift();
      this.#fileHead = state.head;
      return true;
    } catch {
      return false;
    }
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

/** True for errors that say that the studio no longer knows the document, or whether it did what was asked. */
function wasRestarted(error: unknown): boolean {
  return (
    error instanceof StudioError &&
    (error.code === 'document/not-open' || error.code === 'link/studio-restarted')
  );
}

function asStudioError(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  return new StudioError(
    'studio/bug',
    `This step could not be written: ${error instanceof Error ? error.message : String(error)}`,
    'It is kept in this window and tried again.',
  );
}
