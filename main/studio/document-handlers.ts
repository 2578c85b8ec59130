import type { DocumentService } from '../documents/document-service.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `documents.*` from the document service. */
export function documentHandlers(
  documents: () => Promise<DocumentService>,
): Handlers<RequestsOf<'documents'>> {
  return {
    'documents.list': async () => (await documents()).list(),
    'documents.create': async (params) => (await documents()).create(params),
    'documents.open': async (params) => (await documents()).open(params),
    'documents.close': async (params) => (await documents()).close(params),
    'documents.save-as': async (params) => (await documents()).saveAs(params),
    'documents.read-layer': async (params) => (await documents()).readLayer(params),
    'documents.read-mask': async (params) => (await documents()).readMask(params),
    'documents.read-places': async (params) => (await documents()).readPlaces(params),
    'documents.read-pixels': async (params) => (await documents()).readPixels(params),
    'documents.read-overview': async (params) => (await documents()).readOverview(params),
    'documents.write-overview': async (params) => (await documents()).writeOverview(params),
    'documents.read-notes': async (params) => (await documents()).readNotes(params),
    'documents.stage-part': async (params) => (await documents()).stagePart(params),
    'documents.commit': async (params) => (await documents()).commit(params),
    'documents.read-move': async (params) => (await documents()).readMove(params),
    'documents.move-head': async (params) => (await documents()).moveHead(params),
    'documents.add-save-point': async (params) => (await documents()).addSavePoint(params),
    'documents.rename-save-point': async (params) => (await documents()).renameSavePoint(params),
    'documents.remove-save-point': async (params) => (await documents()).removeSavePoint(params),
    'documents.read-save-point': async (params) => (await documents()).readSavePoint(params),
    'documents.begin-time-lapse': async (params) => (await documents()).beginTimeLapse(params),
    'documents.next-frame': async (params) => (await documents()).nextFrame(params),
    'documents.export-animation': async (params) => (await documents()).exportAnimation(params),
    'documents.export-png': async (params) => (await documents()).exportPng(params),
    'documents.pixel-hash': async (params) => (await documents()).pixelHash(params),
  };
}
