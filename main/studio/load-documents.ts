import type { DocumentService, DocumentServiceOptions } from '../documents/document-service.ts';
import type { StudioOptions } from './studio-options.ts';

/** The document service, loaded at its first request: a command that paints one picture never needs it. */
export interface LoadedDocuments {
  readonly get: () => Promise<DocumentService>;
  /** Closes every open document. */
  readonly dispose: () => Promise<void>;
}

/** The desktop host's native dialogs choose any path; the headless host stays in its folder. */
export function loadDocuments(
  { documentsFolder, host }: StudioOptions,
  notice: NonNullable<DocumentServiceOptions['notice']>,
): LoadedDocuments {
  let service: Promise<DocumentService> | undefined;
  const load = async (): Promise<DocumentService> => {
    const { createDocumentService } = await import('../documents/document-service.ts');
    return createDocumentService({ folder: documentsFolder, anywhere: host === 'desktop', notice });
  };
  return {
    get: () => (service ??= load()),
    async dispose() {
      (await service)?.dispose();
    },
  };
}
