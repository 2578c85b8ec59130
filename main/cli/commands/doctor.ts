import { Command } from 'commander';
import { runAction } from '../run-action.ts';

/** `impasto doctor`: what this machine computes on, and what was tried before it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Try every device anew and report devices, versions, memory and folders.')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  impasto doctor --json > report.json')
    .action(async (flags: { json: boolean }) => {
      await runAction(flags.json, async () => {
        const { examine } = await import('../examine.ts');
        return examine();
      });
    });
}
