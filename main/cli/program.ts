import { Command, type CommanderError } from 'commander';
import { locateInstallation } from '../hosting/installation.ts';
import { benchCommand } from './commands/bench.ts';
import { brushCommand } from './commands/brush.ts';
import { cacheCommand } from './commands/cache.ts';
import { convertCommand, flattenCommand } from './commands/convert.ts';
import { doctorCommand } from './commands/doctor.ts';
import { generateCommand } from './commands/generate.ts';
import { gridCommand } from './commands/grid.ts';
import { inspectCommand } from './commands/inspect.ts';
import { modelsCommand } from './commands/models.ts';
import { planCommand } from './commands/plan.ts';
import { replayCommand } from './commands/replay.ts';
import { serveCommand } from './commands/serve.ts';
import { similarCommand } from './commands/similar.ts';
import { trainCommand } from './commands/train.ts';
import { timelapseCommand } from './commands/timelapse.ts';
import { tokensCommand } from './commands/tokens.ts';
import { varyCommand } from './commands/vary.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT } from './exit-codes.ts';

/** The command line with all its commands. Each loads what it needs when it runs, so that help is instant. */
export function createProgram(): Command {
  const program = new Command('impasto')
    .version(locateInstallation().version, '--version', 'print the version')
    .description('Impasto from the command line: pictures, models and devices of this machine, offline.')
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', EXAMPLES);
  const commands = [
    generateCommand(),
    varyCommand(),
    gridCommand(),
    planCommand(),
    replayCommand(),
    cacheCommand(),
    convertCommand(),
    flattenCommand(),
    trainCommand(),
    modelsCommand(),
    tokensCommand(),
    brushCommand(),
    timelapseCommand(),
    doctorCommand(),
    inspectCommand(),
    similarCommand(),
    verifyCommand(),
    benchCommand(),
    serveCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  const all = [program, ...commands, ...commands.flatMap((command) => command.commands)];
  for (const command of all) command.exitOverride(exitWithUsage).configureHelp({ minWidthToWrap: 24 });
  return program;
}

const EXAMPLES = `
Examples:
  impasto generate --prompt "a watercolor of a house with a blue roof" --out house.png
  impasto vary house.png --subtle --count 4 --out other.png
  impasto replay house.png
  impasto models ~/models/dreamshaper.safetensors
  impasto convert poster.psd poster.impasto
  impasto doctor

Environment:
  IMPASTO_DATA        folder of the library, results and settings
  IMPASTO_DOCUMENTS   folder that documents are listed from
  IMPASTO_THREADS     threads that a picture is made with, 1 to 256
  IMPASTO_TOKEN       secret of "impasto serve"

Exit codes: 0 done, 1 it could not be done, 2 wrong usage, 3 made again and different, 130 stopped with Ctrl+C.`;

/** Help and versions are no failure; every fault of usage exits with the same code. */
function exitWithUsage(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
}
