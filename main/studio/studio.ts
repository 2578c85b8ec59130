import { join } from 'node:path';
import type { Envelope, StudioEvent } from '../../preload/contract/index.ts';
import { openBrushStore } from '../brushes/brush-store.ts';
import { quantisedFolder } from '../generation/choose-form.ts';
import { openGenerationCache } from '../generation/cache/generation-cache.ts';
import { createGenerationService } from '../generation/generation-service.ts';
import { createGalleryService } from '../generation/gallery/gallery-service.ts';
import { openInputStore } from '../generation/inputs/input-store.ts';
import { createLiveService } from '../generation/live/live-service.ts';
import { createInferenceHost } from '../inference/host/create-inference-host.ts';
import { openModelLibrary } from '../models/model-library.ts';
import { openSettings } from '../settings/settings-store.ts';
import { openVerdictStore } from '../verify/verdict-store.ts';
import { judgeForm } from '../verify/verify-model.ts';
import { brushHandlers } from './brush-handlers.ts';
import { createDispatch } from './dispatch.ts';
import { documentHandlers } from './document-handlers.ts';
import { fileHandlers } from './file-handlers.ts';
import { toErrorData } from './error-data.ts';
import { createEventBus } from './event-bus.ts';
import { generationHandlers } from './generation-handlers.ts';
import { libraryHandlers } from './library-handlers.ts';
import { loadDocuments } from './load-documents.ts';
import { galleryHandlers } from './gallery-handlers.ts';
import { loadFiles } from './load-files.ts';
import { liveHandlers } from './live-handlers.ts';
import { modelHandlers } from './model-handlers.ts';
import { createBackgroundScan } from './scan-in-background.ts';
import { provenanceHandlers } from './provenance-handlers.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { startDevices } from './devices.ts';
import { reportedDevices, studioHandlers } from './studio-handlers.ts';
import type { StudioOptions } from './studio-options.ts';

export type { StudioOptions } from './studio-options.ts';

/** Every service behind one object: all that a host needs to know of them. */
export interface Studio {
  /**
   * Answers one request of the contract: parses it, runs it, wraps the outcome. Never rejects: expected errors
   * become their data, bugs are logged and become `studio/bug`.
   */
  handle(name: unknown, params: unknown): Promise<Envelope<unknown>>;
  /** Calls back on every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Closes the file of a document that nobody looks at; a later request about it opens it again. */
  restDocument(documentId: string): Promise<void>;
  /** Ends jobs and the worker, and closes every file. Requests after that are refused. */
  close(): Promise<void>;
}

/**
 * Composes the services. Resolves as soon as requests can be answered; devices are probed meanwhile.
 *
 * @throws StudioError `studio/data-unwritable` or `studio/data-too-new` when the data folder cannot be used.
 */
export async function createStudio(options: StudioOptions): Promise<Studio> {
  const { dataFolder, embeddedModelFolder, launch } = options;
  const log = options.log ?? ((message: string) => process.stderr.write(`${message}\n`));
  const logError = (error: unknown): void =>
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));

  const bus = createEventBus(logError);
  const settings = openSettings(dataFolder);
  const documents = loadDocuments(options, (payload) => bus.emit({ name: 'studio.notice', payload }));
  const files = loadFiles(options, documents.get, (payload) => bus.emit({ name: 'files.progress', payload }));
  const library = openModelLibrary({
    dataFolder,
    embeddedModelFolder,
    notice: (payload) => bus.emit({ name: 'studio.notice', payload }),
  });
  const scan = createBackgroundScan(library, bus, logError);
  if (options.scanFolders !== false && library.folders().length > 0) scan.start();
  const devices = startDevices(launch, dataFolder, (report) =>
    bus.emit({ name: 'devices.changed', payload: reportedDevices(report) }),
  );
  const host = createInferenceHost({ launch, notice: log });
  // A worker that does not start says so to the first job that needs it.
  if (options.startWorker === true) host.start().catch(() => {});
  const verdicts = openVerdictStore(dataFolder);
  const generation = createGenerationService({
    dataFolder,
    library,
    host,
    devices: devices.report,
    emit: bus.emit,
    describeError: (error) => toErrorData(error, logError),
    gate: {
      verdicts,
      dataFolder,
      async judge(model, form, signal) {
        const verdict = await judgeForm(model, form, {
          host,
          cacheFolder: quantisedFolder(dataFolder),
          signal,
        });
        verdicts.keep(await model.sha256(), verdict);
      },
    },
    previewEvery: options.previews === false ? 0 : 1,
    onQueue: (jobs) => live.queueChanged(jobs),
    ...(options.repeatFromCache === true ? { cache: openGenerationCache(dataFolder, options.version) } : {}),
    keepQueue: options.keepQueue === true,
  });

  const gallery = createGalleryService({
    dataFolder,
    results: generation.results,
    picture: generation.picture,
  });
  const live = createLiveService({
    library,
    host,
    devices: devices.report,
    keep: generation.keep,
    inputs: openInputStore(dataFolder),
    emit: bus.emit,
    describeError: (error) => toErrorData(error, logError),
  });
  if (options.keepQueue === true) generation.resumeQueue();

  const dispatch = createDispatch(
    {
      ...studioHandlers(options, devices),
      ...settingsHandlers(settings),
      ...modelHandlers(library),
      ...libraryHandlers(library, scan),
      ...documentHandlers(documents.get),
      ...fileHandlers(files.get),
      ...brushHandlers(openBrushStore(join(dataFolder, 'brushes'))),
      ...generationHandlers(generation),
      ...galleryHandlers(gallery),
      ...liveHandlers(live),
      ...provenanceHandlers(library),
    },
    logError,
  );

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    live.close();
    gallery.close();
    await generation.close();
    await host.dispose();
    await files.dispose();
    await documents.dispose();
    verdicts.close();
    library.close();
    settings.close();
  };
  return {
    async handle(name, params) {
      if (closing !== undefined) return { ok: false, error: CLOSED };
      return dispatch(name, params);
    },
    async restDocument(documentId) {
      if (closing === undefined) (await documents.get()).rest(documentId);
    },
    subscribe: (listener) => bus.subscribe(listener),
    close: () => (closing ??= close()),
  };
}

const CLOSED = {
  code: 'studio/closed',
  message: 'The studio is closing; everything up to your last stroke is on disk.',
  remedy: 'Start Impasto again.',
} as const;
