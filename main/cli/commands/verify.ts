import { Command } from 'commander';
import { runAction } from '../run-action.ts';

/** `impasto verify`: this installation held against what other programs computed. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Compute everything that a folder of reference values holds, and compare. Exit code 1 on a miss.',
    )
    .requiredOption(
      '--reference <folder>',
      'samplers, noise, tokens, adapters and models, computed by other programs',
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  impasto verify --reference ../shared/reference')
    .action(async (flags: { reference: string; json: boolean }) => {
      await runAction(flags.json, async (signal) => {
        const { verify } = await import('../verify.ts');
        return verify(flags.reference, signal);
      });
    });
}
