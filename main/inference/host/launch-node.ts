import { type ChildProcess, fork } from 'node:child_process';
import type { LaunchProcess, ProcessChannel, ProcessEntry } from './process-channel.ts';

/**
 * Starts workers as plain Node children (`child_process.fork` with V8's structured clone).
 *
 * @param entries path of the script of each entry: a bundle, or the TypeScript source, which Node runs as it is.
 * @param environment variables added to the parent's own.
 */
export function launchNode(
  entries: Readonly<Record<ProcessEntry, string>>,
  environment: Readonly<Record<string, string>> = {},
): LaunchProcess {
  return (entry) =>
    channelTo(
      fork(entries[entry], [], {
        serialization: 'advanced',
        // Loaders and inspectors of the parent are not the worker's.
        execArgv: [],
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      }),
    );
}

/** Characters of standard error that are kept for the report of a crash. */
const KEPT_ERROR_OUTPUT = 4096;

function channelTo(child: ChildProcess): ProcessChannel {
  let exited: { code: number | null; signal: string | null } | undefined;
  let onExit: ((code: number | null, signal: string | null) => void) | undefined;
  const end = (code: number | null, signal: string | null): void => {
    if (exited) return;
    exited = { code, signal };
    onExit?.(code, signal);
  };
  let errorOutput = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-KEPT_ERROR_OUTPUT);
  });
  // Not 'exit': by 'close' its last words have been read.
  child.on('close', end);
  // A failed spawn or a broken pipe; without a listener it would end the host.
  child.on('error', () => {
    if (child.pid === undefined) end(null, null);
  });
  return {
    get pid() {
      return child.pid;
    },
    post(message) {
      if (child.connected) child.send(message as object, () => {});
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      onExit = listener;
      if (exited) listener(exited.code, exited.signal);
    },
    kill() {
      child.kill('SIGKILL');
    },
    errorOutput: () => errorOutput,
  };
}
