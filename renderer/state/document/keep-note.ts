import type { NoteKey } from '../../engine/changes.ts';

/**
 * Makes another note of the document a step of history under a name.
 * @returns false where the document may only be looked at: nothing is kept then.
 */
export type KeepNote = (key: NoteKey, label: string, bytes: Uint8Array | null) => boolean;
