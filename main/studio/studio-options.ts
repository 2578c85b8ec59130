import type { LaunchProcess } from '../inference/host/process-channel.ts';

/** What a host tells the studio that it carries. */
export interface StudioOptions {
  readonly host: 'desktop' | 'headless';
  /** The product's version, for show and for recipes' files. */
  readonly version: string;
  /** Absolute path of the folder for the studio's own data: library, results, settings. Created when missing. */
  readonly dataFolder: string;
  /** Absolute path of the folder in which documents are listed and created. Created when missing. */
  readonly documentsFolder: string;
  /** Absolute path of the diffusers folder of the model that ships. */
  readonly embeddedModelFolder: string;
  /** How inference workers and device probes are started. */
  readonly launch: LaunchProcess;
  /** Hears of bugs and of what a log should hold; standard error when left out. */
  readonly log?: (message: string) => void;
  /** True to start the inference process at once rather than with the first job; false when left out. */
  readonly startWorker?: boolean;
  /** False to leave the user's model folders unscanned; true when left out: it is done in the background. */
  readonly scanFolders?: boolean;
  /** False where nobody looks at pictures in the making, such as a command; true when left out. */
  readonly previews?: boolean;
  /** True to keep the queue beyond the process and take up what an earlier one left; when left out, it ends with it. */
  readonly keepQueue?: boolean;
  /** True to take what earlier jobs have computed from the cache; when left out, every job runs from its beginning. */
  readonly repeatFromCache?: boolean;
}
