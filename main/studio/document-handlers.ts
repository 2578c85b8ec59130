import type { DocumentService } from '../documents/document-service.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `documents.*` from the document service. */
export function documentHandlers(documents: DocumentService): Handlers<RequestsOf<'documents'>> {
  return {
    'documents.list': () => documents.list(),
    'documents.create': (params) => documents.create(params),
    'documents.open': (params) => documents.open(params),
    'documents.close': (params) => documents.close(params),
    'documents.save-as': (params) => documents.saveAs(params),
    'documents.read-layer': (params) => documents.readLayer(params),
    'documents.commit': (params) => documents.commit(params),
    'documents.move-head': (params) => documents.moveHead(params),
    'documents.export-png': (params) => documents.exportPng(params),
    'documents.pixel-hash': (params) => documents.pixelHash(params),
  };
}
