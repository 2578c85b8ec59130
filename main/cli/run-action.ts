import type { StudioErrorData } from '../../preload/contract/index.ts';
import { EXIT } from './exit-codes.ts';

/** What a command produced: text for a person, and the same as data. */
export interface Outcome {
  readonly text: string;
  /** Printed as one JSON object with `--json`. */
  readonly json: object;
  /** Another exit code than 0, for outcomes that are answers but not successes. */
  readonly exitCode?: number;
}

/**
 * Runs what a command does and turns its end into output and an exit code: the outcome on standard output, an
 * expected error as sentences on standard error (and, with `--json`, as `{"error": …}` on standard output).
 *
 * @param action given a signal that aborts on Ctrl+C; a second Ctrl+C ends the process at once.
 */
export async function runAction(
  json: boolean,
  action: (signal: AbortSignal) => Promise<Outcome>,
): Promise<void> {
  const abort = new AbortController();
  const onInterrupt = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    abort.abort();
  };
  process.on('SIGINT', onInterrupt);
  try {
    const outcome = await action(abort.signal);
    process.stdout.write(json ? `${JSON.stringify(outcome.json)}\n` : `${outcome.text}\n`);
    process.exitCode = outcome.exitCode ?? EXIT.done;
  } catch (error) {
    const data = asUsage(await describe(error));
    process.stderr.write(`${[data.message, data.remedy].filter(Boolean).map(sentence).join(' ')}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ error: data })}\n`);
    process.exitCode = exitCodeOf(data.code, abort.signal.aborted);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** What the contract says of a value that it does not take. */
const INVALID = 'studio/invalid-params';

/** Such a value came from an option; the request that carried it is nothing to a person. */
function asUsage(data: StudioErrorData): StudioErrorData {
  if (data.code !== INVALID) return data;
  return { ...data, message: data.message.replace(/^\S+ was refused: /, '') };
}

function exitCodeOf(code: string, aborted: boolean): number {
  if (aborted) return EXIT.interrupted;
  return code === INVALID ? EXIT.usage : EXIT.failed;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

async function describe(error: unknown): Promise<StudioErrorData> {
  const { toErrorData } = await import('../studio/error-data.ts');
  return toErrorData(error, (bug) => {
    const detail = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
    process.stderr.write(`${detail}\n`);
  });
}
