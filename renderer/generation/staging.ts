import type { StudioLink } from '../state/studio-link.ts';

/** Where a job's pictures belong and what became of them. */
export interface StagingNote {
  readonly jobId: string;
  /** The document's file. */
  readonly path: string;
  readonly verb: string;
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** What of the picture is taken, packed; left out: all of the frame. */
  readonly mask?: string;
  readonly decision: 'waiting' | 'accepted' | 'rejected';
}

const KEY = 'generation.staging';
const LIMIT = 200;

/** Remembers in the studio's settings which pictures wait on which document, so that a reload finds them again. */
export class StagingNotes {
  readonly #link: StudioLink;
  #notes: StagingNote[] = [];

  constructor(link: StudioLink) {
    this.#link = link;
  }

  /** Takes over what an earlier window wrote; anything malformed is left out. */
  load(settings: Readonly<Record<string, unknown>>): void {
    const stored = settings[KEY];
    this.#notes = Array.isArray(stored) ? stored.filter(isNote) : [];
  }

  /** Notes a job that was just started. */
  add(note: StagingNote): void {
    this.#notes = [note, ...this.#notes].slice(0, LIMIT);
    this.#write();
  }

  /** The note of a job, or undefined for jobs of other windows and tools. */
  find(jobId: string): StagingNote | undefined {
    return this.#notes.find((note) => note.jobId === jobId);
  }

  /** Notes what became of a job's picture. */
  decide(jobId: string, decision: StagingNote['decision']): void {
    this.#notes = this.#notes.map((note) => (note.jobId === jobId ? { ...note, decision } : note));
    this.#write();
  }

  /** Follows a document that got another file name. */
  rename(from: string, to: string): void {
    this.#notes = this.#notes.map((note) => (note.path === from ? { ...note, path: to } : note));
    this.#write();
  }

  /** Jobs whose pictures wait on a document. */
  waitingOn(path: string): readonly StagingNote[] {
    return this.#notes.filter((note) => note.path === path && note.decision === 'waiting');
  }

  #write(): void {
    // Losing a note costs a thumb in the strip, never a picture: the gallery has every result.
    this.#link.request('settings.write', { key: KEY, value: this.#notes }).catch(() => undefined);
  }
}

function isNote(value: unknown): value is StagingNote {
  if (typeof value !== 'object' || value === null) return false;
  if (!('jobId' in value && 'path' in value && 'frame' in value && 'decision' in value)) return false;
  const { frame } = value;
  return (
    typeof value.jobId === 'string' &&
    typeof value.path === 'string' &&
    (!('mask' in value) || typeof value.mask === 'string') &&
    typeof frame === 'object' &&
    frame !== null &&
    'x' in frame &&
    'y' in frame &&
    'width' in frame &&
    'height' in frame &&
    [frame.x, frame.y, frame.width, frame.height].every((each) => Number.isInteger(each))
  );
}
