import type { FileService } from '../documents/exchange/file-service.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `files.*` from the file service. */
export function fileHandlers(files: () => Promise<FileService>): Handlers<RequestsOf<'files'>> {
  return {
    'files.import': async (params) => (await files()).import(params),
    'files.losses': async (params) => (await files()).losses(params),
    'files.export': async (params) => (await files()).export(params),
    'files.stop': async (params) => (await files()).stop(params),
    'files.decode': async (params) => (await files()).decode(params),
    'files.convert-pixels': async (params) => (await files()).convertPixels(params),
    'files.proof': async (params) => (await files()).proof(params),
    'files.proof-table': async (params) => (await files()).proofTable(params),
    'files.colour-table': async (params) => (await files()).colourTable(params),
  };
}
