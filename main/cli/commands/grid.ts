import { Command } from 'commander';
import type { GridFlags } from '../grid.ts';
import { gridAxis } from '../parse-axis.ts';
import { wholeNumber } from '../parse-option.ts';
import { requirePrompt } from '../require-prompt.ts';
import { runAction } from '../run-action.ts';

/** `impasto grid`: pictures over the values of two or three settings, on one sheet. */
export function gridCommand(): Command {
  return new Command('grid')
    .description(
      'Make a picture for each combination of values, on one sheet; what they share is computed once.',
    )
    .requiredOption('--x <setting=a,b,c>', 'the columns', gridAxis)
    .option('--y <setting=a,b,c>', 'the rows', gridAxis)
    .option('--z <setting=a,b,c>', 'the sheets', gridAxis)
    .option('--prompt <text>', 'what to paint')
    .option('--from <file.png>', 'the recipe of a picture that Impasto made, in place of --prompt')
    .requiredOption('--out <sheet.png>', 'where to write the sheet; several are numbered')
    .option('--cells <folder>', 'write each picture with its recipe into this folder, too')
    .option('--model <path>', 'a checkpoint; the embedded model when left out')
    .option('--negative <text>', 'what to keep away from')
    .option('--steps <n>', 'denoising steps', wholeNumber)
    .option('--seed <n>', 'left out: 0', wholeNumber)
    .option('--width <px>', "the model's own size when left out", wholeNumber)
    .option('--height <px>', "the model's own size when left out", wholeNumber)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: GridFlags, command: Command) => {
      requirePrompt(command, flags);
      await runAction(flags.json, async (signal) => {
        const { grid } = await import('../grid.ts');
        return grid(flags, signal);
      });
    });
}

const EXAMPLES = `
Settings: seed, guidance, steps, sampler, prompt, negative, replace (the first value is words of the prompt, in whose place
the others come), strength and adapter (with --from: of its picture to start from, of its first adapter),
and from a step or share on: noise@75%, guidance@40%, prompt@60%, steps@50%. Commas in prompts are written "\\,".

Examples:
  impasto grid --prompt "a red sailboat" --x seed=1,2,3 --y guidance=3,5,7 --out sheet.png
  impasto grid --prompt "a red sailboat" --x replace=red,blue,green --y sampler=ddim,euler --out colours.png
  impasto grid --from boat.png --x noise@75%=1,2,3,4 --out subtle.png --cells cells`;
