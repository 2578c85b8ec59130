import { Command, Option } from 'commander';
import { numberBetween, wholeBetween } from '../parse-option.ts';
import { runAction } from '../run-action.ts';
import type { TrainFlags } from '../train.ts';

/** `impasto train`: pictures become a LoRA. */
export function trainCommand(): Command {
  return new Command('train')
    .description(
      'Teach a model a style or a thing from 10 to 50 pictures: the result is a LoRA that every program loads.',
    )
    .requiredOption(
      '--pictures <folder>',
      'pictures to learn from; a caption stands beside each as .txt, boat.png and boat.txt',
    )
    .requiredOption('--out <file.safetensors>', 'where to write the LoRA')
    .option(
      '--model <path>',
      'a .safetensors checkpoint or a diffusers folder; the embedded model when left out',
    )
    .option('--trigger <word>', 'calls what is learnt: put before every caption, and into prompts later')
    .option(
      '--rank <n>',
      'columns of each matrix: how much can be learnt, and how large the file is',
      wholeBetween(1, 256),
      8,
    )
    .option('--steps <n>', 'changes of the matrices', wholeBetween(1, 1_000_000), 300)
    .option(
      '--batch <n>',
      'pictures that a change is the mean of; one at a time is in memory',
      wholeBetween(1, 64),
      4,
    )
    .option(
      '--rate <x>',
      'learning rate after warming up; 1e-3 for the embedded model, 1e-4 for others',
      numberBetween(1e-8, 1),
    )
    .option(
      '--size <px>',
      'side of a square picture; others have as many pixels in their own shape',
      wholeBetween(64, 2048),
    )
    .addOption(
      new Option(
        '--layers <which>',
        'what learns: attention and feed-forward, or convolutions as well; all for the embedded model, transformers for others',
      ).choices(['transformers', 'all']),
    )
    .option(
      '--min-snr <gamma>',
      'min-SNR weighting, 0 weighs all noise levels alike; 5 for models that predict noise, 0 for others',
      numberBetween(0, 100),
    )
    .option('--seed <n>', 'decides order, noise and the first matrices', wholeBetween(0, 2 ** 32), 0)
    .option(
      '--memory <GiB>',
      'what a step may hold; half of this machine when left out',
      numberBetween(0.1, 10_000),
    )
    .option('--every <n>', 'steps between two checkpoints', wholeBetween(1, 1_000_000), 50)
    .option('--resume', 'go on from the checkpoint beside --out; the result is the same to the bit', false)
    .option('--restart', 'begin anew, throwing the checkpoint away', false)
    .option('--plan', 'say what memory and time it takes, and end', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TrainFlags, command: Command) => {
      if (flags.resume && flags.restart) command.error('Give --resume or --restart, not both.');
      await runAction(flags.json, async (signal) => {
        const { trainLora } = await import('../train.ts');
        return trainLora(flags, signal);
      });
    });
}

const EXAMPLES = `
Ctrl+C stops after the step in hand and keeps a checkpoint; --resume goes on from there, as it does after a crash.

Examples:
  impasto train --pictures linocuts --trigger linocut --out linocut.safetensors
  impasto train --pictures linocuts --out linocut.safetensors --plan
  impasto train --model ~/models/dreamshaper.safetensors --pictures me --trigger xyzme --size 512 --out me.safetensors
  impasto generate --prompt "linocut, a red boat" --lora linocut.safetensors --out boat.png`;
