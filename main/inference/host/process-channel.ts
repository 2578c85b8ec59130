/**
 * A child process that speaks in structured clones. `launchNode` makes one through `child_process`;
 * the desktop host makes one through Electron's `utilityProcess`.
 */
export interface ProcessChannel {
  /** Undefined until the child has started, and when it never did. */
  readonly pid: number | undefined;
  /** Sends a structured clone; silently lost once the child is gone (`onExit` tells). */
  post(message: unknown): void;
  /** Registers the listener of all messages from the child. */
  onMessage(listener: (message: unknown) => void): void;
  /** Registers the listener of the child's end; called once, also when it could not be started. */
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  /** Ends the child at once (SIGKILL or its like). */
  kill(): void;
  /** The last few kilobytes of the child's standard error, where the launcher keeps them. */
  errorOutput?(): string;
}

/** Which of the bundles to run: the inference worker, the probe of one provider, the converter of picture files, or the trainer. */
export type ProcessEntry = 'worker' | 'probe' | 'converter' | 'trainer';

/** Starts a child process that runs an entry. Never throws: a failed start is an exit. */
export type LaunchProcess = (entry: ProcessEntry) => ProcessChannel;
