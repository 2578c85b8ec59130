import { type UtilityProcess, utilityProcess } from 'electron';
import type { LaunchProcess, ProcessChannel, ProcessEntry } from '../inference/host/process-channel.ts';

/** Characters of standard error that are kept for the report of a crash. */
const KEPT_ERROR_OUTPUT = 4096;

/** Starts workers as Electron utility processes: Node, in a process of their own, with structured clone between. */
export function launchUtility(entries: Readonly<Record<ProcessEntry, string>>): LaunchProcess {
  return (entry) =>
    channelTo(
      utilityProcess.fork(entries[entry], [], {
        serviceName: `Impasto ${entry}`,
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
}

function channelTo(child: UtilityProcess): ProcessChannel {
  let exited = false;
  let exitCode: number | null = null;
  let onExit: ((code: number | null, signal: string | null) => void) | undefined;
  let errorOutput = '';
  child.stderr?.on('data', (data: Buffer) => {
    errorOutput = (errorOutput + data.toString('utf8')).slice(-KEPT_ERROR_OUTPUT);
  });
  child.on('exit', (code) => {
    exited = true;
    exitCode = code;
    onExit?.(code, null);
  });
  return {
    get pid() {
      return child.pid;
    },
    post(message) {
      if (!exited) child.postMessage(message);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      onExit = listener;
      if (exited) listener(exitCode, null);
    },
    kill() {
      // `child.kill()` asks politely, and a worker inside a run does not listen.
      if (child.pid === undefined) child.kill();
      else killHard(child.pid);
    },
    errorOutput: () => errorOutput,
  };
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
