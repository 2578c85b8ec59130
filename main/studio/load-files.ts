import type { EventPayload } from '../../preload/contract/index.ts';
import type { DocumentService } from '../documents/document-service.ts';
import type { FileService } from '../documents/exchange/file-service.ts';
import type { StudioOptions } from './studio-options.ts';

/** The file service, loaded at its first request. */
export interface LoadedFiles {
  readonly get: () => Promise<FileService>;
  /** Stops what is running. */
  readonly dispose: () => Promise<void>;
}

/** The desktop host's native dialogs choose any path; from a browser files come as bytes. */
export function loadFiles(
  { documentsFolder, host, launch }: StudioOptions,
  documents: () => Promise<DocumentService>,
  onProgress: (progress: EventPayload<'files.progress'>) => void,
): LoadedFiles {
  let service: Promise<FileService> | undefined;
  const load = async (): Promise<FileService> => {
    const { createFileService } = await import('../documents/exchange/file-service.ts');
    const anywhere = host === 'desktop';
    return createFileService({ folder: documentsFolder, anywhere, launch, documents, onProgress });
  };
  return {
    get: () => (service ??= load()),
    async dispose() {
      (await service)?.dispose();
    },
  };
}
