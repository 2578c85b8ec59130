import { StudioError } from '../../preload/contract/index.ts';
import { studioFolders } from '../hosting/folders.ts';
import { locateInstallation } from '../hosting/installation.ts';
import { launchNode } from '../inference/host/launch-node.ts';
import { createStudio } from '../studio/studio.ts';
import { createToken, isLoopback, parseToken } from './gate.ts';
import { type HeadlessServer, startServer } from './start-server.ts';

/** What a person chose for the headless host. */
export interface HeadlessOptions {
  /** Address to listen on; `127.0.0.1` keeps other machines out. */
  readonly address: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Null makes a random one. */
  readonly token: string | null;
  /** Sentences for a person or a log; never contains the token. */
  readonly log: (message: string) => void;
}

/** A headless studio that serves pages until it is closed. */
export interface HeadlessStudio extends Omit<HeadlessServer, 'close'> {
  /** Ends sockets, jobs and the worker, and closes every file. */
  close(): Promise<void>;
}

/**
 * Starts the studio and its server in this process.
 *
 * @throws StudioError for options that cannot be used and for what {@link startServer} and `createStudio` refuse.
 */
export async function runHeadless(options: HeadlessOptions): Promise<HeadlessStudio> {
  const token = options.token === null ? createToken() : parseToken(options.token);
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65_535) {
    throw new StudioError(
      'host/port-invalid',
      'A port is a whole number from 0 to 65535.',
      'Choose another --port.',
    );
  }
  if (!isLoopback(options.address)) {
    options.log(
      `Warning: ${options.address} is open to other machines, and what crosses it is not encrypted. ` +
        'Use it only on a network that you trust, or put a TLS proxy or an SSH tunnel in front.',
    );
  }
  const installation = locateInstallation();
  const folders = studioFolders();
  const studio = await createStudio({
    host: 'headless',
    version: installation.version,
    dataFolder: folders.data,
    documentsFolder: folders.documents,
    embeddedModelFolder: installation.embeddedModel,
    launch: launchNode(installation.entries),
    log: options.log,
    repeatFromCache: true,
    keepQueue: true,
  });
  try {
    const server = await startServer({
      studio,
      page: installation.page,
      version: installation.version,
      address: options.address,
      port: options.port,
      token,
      log: options.log,
    });
    return {
      ...server,
      async close() {
        await server.close();
        await studio.close();
      },
    };
  } catch (error) {
    await studio.close();
    throw error;
  }
}
