import type { ModelLibrary, ScanReport } from '../models/model-library.ts';
import type { EventBus } from './event-bus.ts';

/** Shortest time between two words on how far a scan is, in ms. */
const TELL_EVERY = 250;

/** Scans of the user's model folders, one at a time. */
export interface BackgroundScan {
  /** Begins a scan; during one, another follows it, so that a folder just added is never missed. */
  readonly start: () => void;
  readonly running: () => boolean;
}

/** Looks through the user's model folders when asked, tells how far it is, and says in one sentence what is new. */
export function createBackgroundScan(
  library: Pick<ModelLibrary, 'scan'>,
  bus: Pick<EventBus, 'emit'>,
  onError: (error: unknown) => void,
): BackgroundScan {
  let running = false;
  let again = false;

  const scanOnce = async (): Promise<void> => {
    let toldAt = Date.now();
    const report = await library.scan((found, path) => {
      if (Date.now() - toldAt < TELL_EVERY) return;
      toldAt = Date.now();
      bus.emit({ name: 'library.changed', payload: { scanning: true, found, path } });
    });
    bus.emit({
      name: 'library.changed',
      payload: { scanning: again, found: report.found, path: null },
    });
    for (const message of sentences(report)) {
      bus.emit({ name: 'studio.notice', payload: { level: 'info', message, remedy: '' } });
    }
  };

  const scanUntilDone = async (): Promise<void> => {
    do {
      again = false;
      await scanOnce();
      // Another request may have come while this one ran.
    } while (wantedAgain());
  };
  const wantedAgain = (): boolean => again;

  return {
    start() {
      if (running) {
        again = true;
        return;
      }
      running = true;
      bus.emit({ name: 'library.changed', payload: { scanning: true, found: 0, path: null } });
      scanUntilDone()
        .catch((error: unknown) => {
          onError(error);
          bus.emit({ name: 'library.changed', payload: { scanning: false, found: 0, path: null } });
        })
        .finally(() => {
          running = false;
        });
    },
    running: () => running,
  };
}

function sentences({ read, gone, missingFolders }: ScanReport): string[] {
  const changes = [
    ...(read > 0 ? [`${read} new or changed`] : []),
    ...(gone.length > 0 ? [`${gone.length} taken away`] : []),
  ];
  return [
    ...(changes.length > 0 ? [`Models and adapters: ${changes.join(', ')}.`] : []),
    ...missingFolders.map((folder) => `The folder "${folder}" is not there; what it held is remembered.`),
  ];
}
