import { Command } from 'commander';
import { StudioError } from '../../../preload/contract/index.ts';

interface ServeFlags {
  host: string;
  port: string;
  token?: string;
  open: boolean;
  json: boolean;
}

/** `impasto serve`: the studio for browsers, until Ctrl+C. */
export function serveCommand(): Command {
  return withServeOptions(new Command('serve'))
    .description('Serve the studio to a browser on this machine, or with --host on others.')
    .option('--open', 'open it in the browser', false)
    .addHelpText(
      'after',
      '\nExamples:\n  impasto serve --open\n  impasto serve --host 192.168.1.20 --port 8188 --json',
    )
    .action(async (flags: ServeFlags) => {
      await serve(flags);
    });
}

/** Adds the options that every way of serving has. */
export function withServeOptions(command: Command): Command {
  return command
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '0')
    .option('--token <text>', 'secret that a page must know; random when left out (or env IMPASTO_TOKEN)')
    .option('--json', 'print the address as one JSON object', false);
}

/** Serves until a signal; an expected failure is said in a sentence and sets exit code 1. */
export async function serve(flags: ServeFlags): Promise<void> {
  // Loaded late: help and errors of usage need none of the studio.
  const { serveUntilStopped } = await import('../../server/serve-until-stopped.ts');
  try {
    await serveUntilStopped({
      address: flags.host,
      port: /^\d+$/.test(flags.port) ? Number(flags.port) : Number.NaN,
      token: flags.token ?? process.env['IMPASTO_TOKEN'] ?? null,
      open: flags.open,
      json: flags.json,
    });
    // Everything is closed; a device probe that still runs ends with its parent and is not waited for.
    process.exit(0);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    console.error(`${error.message} ${error.remedy}`);
    process.exitCode = 1;
  }
}
