import { Command } from 'commander';
import { wholeNumber } from '../parse-option.ts';
import { runAction } from '../run-action.ts';

interface BenchModelFlags {
  size?: number;
  rounds: number;
  rank: number;
  cold: boolean;
  json: boolean;
}

/** `impasto bench`: what this machine does, as ratios to something measured in the same run. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('Measure this machine, and print ratios rather than records.')
    .addCommand(benchModelCommand());
}

function benchModelCommand(): Command {
  return new Command('model')
    .description(
      "Measure a model's denoising step against the machine's own matrix rate, and what a LoRA adds to it.",
    )
    .argument('[path]', 'a .safetensors checkpoint or a diffusers folder; the embedded model when left out')
    .option('--size <px>', 'side of the picture; 512, or 256 for the embedded model', wholeNumber)
    .option('--rounds <n>', 'how often everything is measured; the best counts', wholeNumber, 5)
    .option('--rank <n>', 'rank of the made-up LoRA, on every layer', wholeNumber, 32)
    .option('--no-cold', 'leave out the picture from a fresh process, its time and memory')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (path: string | undefined, flags: BenchModelFlags, command: Command) => {
      if (flags.rounds < 1 || flags.rounds > 1000) command.error('--rounds is 1 to 1000.');
      if (flags.rank < 1 || flags.rank > 320) command.error('--rank is 1 to 320.');
      await runAction(flags.json, async (signal) => {
        const { benchModel } = await import('../bench-model.ts');
        return benchModel(path, flags, signal);
      });
    });
}

const EXAMPLES = `
Examples:
  impasto bench model
  impasto bench model ~/models/dreamshaper.safetensors --size 512
  impasto bench model ~/models/sdxl.safetensors --size 1024 --rounds 2 --json`;
