import type { Envelope, StudioEvent } from '../../preload/contract/index.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { openSettings } from '../settings/settings-store.ts';
import { createDispatch } from './dispatch.ts';
import { createEventBus } from './event-bus.ts';
import type { Handlers } from './handlers.ts';
import { settingsHandlers } from './settings-handlers.ts';
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
  /** Ends jobs and the worker, and closes every file. Requests after that are refused. */
  close(): Promise<void>;
}

/**
 * Composes the services. Resolves as soon as requests can be answered; devices are probed meanwhile.
 *
 * @throws StudioError `studio/data-unwritable` or `studio/data-too-new` when the data folder cannot be used.
 */
export function createStudio(options: StudioOptions): Promise<Studio> {
  const log = options.log ?? ((message: string) => process.stderr.write(`${message}\n`));
  const logError = (error: unknown): void =>
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const bus = createEventBus(logError);
  const settings = openSettings(options.dataFolder);
  const soon = (): never => {
    throw new StudioError(
      'studio/unavailable',
      'This part of the studio is not there yet.',
      'Update Impasto.',
    );
  };
  const handlers: Handlers = {
    ...settingsHandlers(settings),
    'studio.info': () => ({
      version: options.version,
      host: options.host,
      platform: process.platform,
      documentsFolder: options.documentsFolder,
      samplers: [],
    }),
    'devices.report': soon,
    'models.list': soon,
    'models.open': soon,
    'models.tokens': soon,
    'documents.list': soon,
    'documents.create': soon,
    'documents.open': soon,
    'documents.close': soon,
    'documents.save-as': soon,
    'documents.read-layer': soon,
    'documents.commit': soon,
    'documents.move-head': soon,
    'documents.export-png': soon,
    'documents.pixel-hash': soon,
    'generation.price': soon,
    'generation.start': soon,
    'generation.cancel': soon,
    'generation.results': soon,
    'generation.result': soon,
  };
  return Promise.resolve({
    handle: createDispatch(handlers, logError),
    subscribe: bus.subscribe,
    close() {
      settings.close();
      return Promise.resolve();
    },
  });
}
