import { Command } from 'commander';
import type { PlanFlags } from '../plan.ts';
import { finiteNumber, wholeNumber } from '../parse-option.ts';
import { requirePrompt } from '../require-prompt.ts';
import { runAction } from '../run-action.ts';

/** `impasto plan`: what a picture consists of, what is there, what the rest takes. */
export function planCommand(): Command {
  return new Command('plan')
    .description(
      'Print the stages of a picture: their keys, what is there already, and what the rest will take.',
    )
    .option('--prompt <text>', 'what to paint')
    .option(
      '--from <file.png>',
      'the recipe of a picture that Impasto made, in place of --prompt; options beside it win',
    )
    .option('--negative <text>', 'what to keep away from')
    .option('--model <path>', 'a checkpoint; the embedded model when left out')
    .option('--steps <n>', "denoising steps; the model's own when left out", wholeNumber)
    .option('--guidance <scale>', "the model's own when left out", finiteNumber)
    .option('--sampler <name>', "the model's own when left out")
    .option('--seed <n>', 'left out: 0', wholeNumber)
    .option('--width <px>', "the model's own size when left out", wholeNumber)
    .option('--height <px>', "the model's own size when left out", wholeNumber)
    .option('--diff <file.png>', 'compare with the plan of a picture that Impasto made')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: PlanFlags, command: Command) => {
      requirePrompt(command, flags);
      await runAction(flags.json, async () => {
        const { plan } = await import('../plan.ts');
        return plan(flags);
      });
    });
}

const EXAMPLES = `
Examples:
  impasto plan --prompt "a red sailboat at sunset" --seed 7
  impasto plan --from boat.png --guidance 6 --diff boat.png
  impasto plan --prompt "a fox" --json | jq '.stages[] | select(.runs)'`;
