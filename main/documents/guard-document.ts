import { StudioError } from '../../preload/contract/index.ts';
import { EngineError } from '../../renderer/engine/error.ts';

/**
 * Runs what works on a document's file, and puts what a disk or a broken file does into words; other errors pass.
 *
 * @throws StudioError `document/disk-full`, `document/damaged`
 */
export function guardDocument<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw asStudioError(name, error);
  }
}

/** The same object, each of its methods guarded. */
export function guarded<T extends object>(name: string, target: T): T {
  const entries = Object.entries(target).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'function'
      ? (...args: unknown[]): unknown => guardDocument(name, () => Reflect.apply(value, target, args))
      : value,
  ]);
  return Object.fromEntries(entries) as T;
}

function asStudioError(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || /^SQLITE_IOERR_(?:WRITE|FSYNC|TRUNCATE)/.test(code)) {
    return new StudioError(
      'document/disk-full',
      'The disk is full. Everything up to your last stroke is saved; new ones wait in memory.',
      'Free 200 MB or move the document.',
    );
  }
  const broken =
    error instanceof EngineError ||
    code.startsWith('SQLITE_') ||
    error instanceof SyntaxError ||
    isRange(error);
  if (!broken) return error;
  return new StudioError(
    'document/damaged',
    `${name} is damaged (${error instanceof Error ? error.message : String(error)}). What can still be read was left as it is.`,
    'Open an older copy, or check the disk.',
  );
}

/** A number in the file that no array or buffer can have for its length. */
function isRange(error: unknown): boolean {
  return error instanceof RangeError;
}
