import type { ModelLibrary, ScanReport } from '../models/model-library.ts';
import type { EventBus } from './event-bus.ts';

/** Looks through the user's model folders after a start and says in one sentence what is new. */
export function scanInBackground(
  library: Pick<ModelLibrary, 'folders' | 'scan'>,
  bus: Pick<EventBus, 'emit'>,
  onError: (error: unknown) => void,
): void {
  if (library.folders().length === 0) return;
  library.scan().then((report) => {
    for (const message of sentences(report)) {
      bus.emit({ name: 'studio.notice', payload: { level: 'info', message, remedy: '' } });
    }
  }, onError);
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
