import type { Change } from '../engine/changes.ts';
import { EngineError } from '../engine/error.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { tell } from '../state/status-store.ts';

/** Longest label that a step of history has. */
const LONGEST_LABEL = 200;

/** Records what an edit changes as one step, or says why it cannot be. @returns false when it could not. */
export function recordEdit(
  session: DocumentSession,
  label: string,
  changes: () => readonly Change[],
): boolean {
  try {
    session.record(label.slice(0, LONGEST_LABEL), changes());
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    tell({ level: 'warn', message: error.message, remedy: '' });
    return false;
  }
}
