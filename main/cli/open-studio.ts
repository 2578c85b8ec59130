import { studioFolders } from '../hosting/folders.ts';
import { locateInstallation } from '../hosting/installation.ts';
import { launchNode } from '../inference/host/launch-node.ts';
import {
  type EventName,
  type EventPayload,
  isEventName,
  type RequestName,
  type RequestParams,
  type RequestResult,
  StudioError,
} from '../../preload/contract/index.ts';
import { createStudio } from '../studio/studio.ts';

/** The studio as a command uses it: typed, and with errors thrown. */
export interface CommandStudio {
  readonly dataFolder: string;
  /** @throws StudioError what the studio answered instead of a result. */
  readonly request: <N extends RequestName>(name: N, params: RequestParams<N>) => Promise<RequestResult<N>>;
  /** Calls back on every event of that name until the returned function is called. */
  readonly on: <N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) => () => void;
  readonly close: () => Promise<void>;
}

/** What a command needs of the studio. */
interface CommandNeeds {
  /** True for commands that are going to run a network. */
  readonly startWorker: boolean;
  /** True for commands that take what earlier runs have computed; others compute everything, so that they check it. */
  readonly cache?: boolean;
}

/**
 * Opens the user's own studio, data folder and all, in this process.
 *
 * @throws StudioError what keeps the studio from starting
 */
export async function openStudio({ startWorker, cache = false }: CommandNeeds): Promise<CommandStudio> {
  const installation = locateInstallation();
  const folders = studioFolders();
  const studio = await createStudio({
    host: 'headless',
    version: installation.version,
    dataFolder: folders.data,
    documentsFolder: folders.documents,
    embeddedModelFolder: installation.embeddedModel,
    launch: launchNode(installation.entries),
    previews: false,
    scanFolders: false,
    startWorker,
    repeatFromCache: cache,
    log: process.env['IMPASTO_DEBUG'] ? (message) => process.stderr.write(`${message}\n`) : () => {},
  });
  return {
    dataFolder: folders.data,
    async request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> {
      const answer = await studio.handle(name, params);
      if (!answer.ok) throw StudioError.from(answer.error);
      // The handler of `name` is typed to return just this.
      return answer.value as RequestResult<N>;
    },
    on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
      return studio.subscribe((event) => {
        if (isEventName(event.name) && event.name === name) listener(event.payload as EventPayload<N>);
      });
    },
    close: () => studio.close(),
  };
}
