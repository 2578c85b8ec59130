import { type NoteKey, StudioError } from '../../../preload/contract/index.ts';
import type { StudioLink } from '../studio-link.ts';
import { tell } from '../status-store.ts';

const RETRY_MILLISECONDS = 1500;

/**
 * What is kept with a document beside its picture and its history: selections, guides. Of each, only the newest is
 * written; what cannot be written is tried again.
 */
export class DocumentNotes {
  readonly #link: StudioLink;
  readonly #documentId: () => string;
  readonly #waiting = new Map<NoteKey, Uint8Array<ArrayBuffer> | null>();
  #working: Promise<void> | null = null;
  #closed = false;

  /** @param documentId the studio's present name for the document. */
  constructor(link: StudioLink, documentId: () => string) {
    this.#link = link;
    this.#documentId = documentId;
  }

  /** Replaces a note, or removes it with null. */
  write(key: NoteKey, bytes: Uint8Array<ArrayBuffer> | null): void {
    this.#waiting.set(key, bytes);
    this.#working ??= this.#work();
  }

  /** Resolves when everything is on disk. */
  settled(): Promise<void> {
    return this.#working ?? Promise.resolve();
  }

  /** Stops trying. */
  close(): void {
    this.#closed = true;
  }

  async #work(): Promise<void> {
    let told = false;
    // Several notes of one moment go together.
    await Promise.resolve();
    for (let next = this.#first(); next && !this.#closed; next = this.#first()) {
      const [key, bytes] = next;
      this.#waiting.delete(key);
      try {
        await this.#link.request('documents.write-note', { documentId: this.#documentId(), key, bytes });
      } catch (error) {
        if (!(error instanceof StudioError)) throw error;
        if (!this.#waiting.has(key)) this.#waiting.set(key, bytes);
        if (!told && !error.code.startsWith('link/'))
          tell({ level: 'warn', message: error.message, remedy: error.remedy });
        told = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
      }
    }
    this.#working = null;
  }

  #first(): [NoteKey, Uint8Array<ArrayBuffer> | null] | undefined {
    return this.#waiting.entries().next().value;
  }
}
