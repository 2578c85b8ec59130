import type { StudioLink } from './studio-link.ts';

interface Store {
  getState(): object;
  setState(change: object): void;
  subscribe(listener: () => void): () => void;
}

/** Quiet time after a change before it is written. */
const WRITE_DELAY = 300;

/**
 * Keeps chosen fields of a store in the studio's settings: what was set stays set, across reload, crash and restart.
 * Stored values of another type than the store's own are left out, so that an old or damaged setting cannot break it.
 *
 * @returns how to stop.
 */
export function syncSettings(
  link: StudioLink,
  settings: Readonly<Record<string, unknown>>,
  key: string,
  store: Store,
  fields: readonly string[],
): () => void {
  const stored = settings[key];
  if (isRecord(stored)) store.setState(matching(stored, pick(store.getState(), fields)));
  let written = JSON.stringify(pick(store.getState(), fields));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    const value = pick(store.getState(), fields);
    const text = JSON.stringify(value);
    if (text === written) return;
    written = text;
    link.request('settings.write', { key, value }).catch(() => {
      written = '';
    });
  };
  const stop = store.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_DELAY);
  });
  // A closing page has no time for delays.
  const flush = (): void => write();
  window.addEventListener('pagehide', flush);
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener('pagehide', flush);
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pick(state: object, fields: readonly string[]): Record<string, unknown> {
  const entries = new Map(Object.entries(state));
  return Object.fromEntries(fields.map((field) => [field, entries.get(field)]));
}

/** Stored values that have the same shape as the present ones; records are merged field by field. */
function matching(
  stored: Record<string, unknown>,
  present: Record<string, unknown>,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(present)) {
    const kept = stored[field];
    if (kept === undefined) continue;
    if (isRecord(value) && isRecord(kept)) {
      out[field] = Object.keys(value).length === 0 ? kept : { ...value, ...matching(kept, value) };
    } else if (Array.isArray(value) === Array.isArray(kept) && typeof value === typeof kept) {
      out[field] = kept;
    }
  }
  return out;
}
