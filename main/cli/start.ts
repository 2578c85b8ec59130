import { Command } from 'commander';
import { serve, withServeOptions } from './commands/serve.ts';
import { openDesktop } from './start/open-desktop.ts';

interface StartFlags {
  headless: boolean;
  host: string;
  port: string;
  token?: string;
  open: boolean;
  json: boolean;
}

// What `npm start` runs: the desktop studio, or, where there is no Electron, the studio in a browser.
const program = withServeOptions(new Command('npm start --'))
  .description('Open the studio in a window; without Electron, in the browser.')
  .option('--headless', 'serve the studio to a browser without trying Electron', false)
  .option('--no-open', 'print the address only')
  .addHelpText(
    'after',
    `
Options of the browser studio (--host, --port, --token, --json, --no-open) do nothing in a window.
Electron's own program is fetched once when it is missing; without a network the browser is used.

Examples:
  npm start
  npm start -- --headless --port 8188`,
  );
const flags = program.parse().opts<StartFlags>();
const reason = flags.headless ? null : await openDesktop((message) => console.error(message));
if (reason !== null) console.error(`${reason} The studio opens in a browser instead.`);
if (flags.headless || reason !== null) await serve(flags);
