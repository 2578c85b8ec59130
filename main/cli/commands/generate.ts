import { Command, Option } from 'commander';
import type { GenerateFlags } from '../generate.ts';
import { adapterOption, finiteNumber, wholeNumber } from '../parse-option.ts';
import { runAction } from '../run-action.ts';

/** `impasto generate`: a prompt becomes a PNG with its recipe inside. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('Make a picture from a prompt and write it as a PNG with its recipe inside.')
    .requiredOption('--prompt <text>', 'what to paint')
    .requiredOption('--out <file.png>', 'where to write the picture; an earlier one is replaced')
    .option('--negative <text>', 'what to keep away from', '')
    .option(
      '--model <path>',
      'a .safetensors checkpoint or a diffusers folder; the embedded model when left out',
    )
    .option('--steps <n>', "denoising steps; the model's own when left out", wholeNumber)
    .option(
      '--guidance <scale>',
      "how closely to follow the prompt; 1 is off; the model's own when left out",
      finiteNumber,
    )
    .option('--sampler <name>', 'such as ddim or "DPM++ 2M Karras"; the model\'s own when left out')
    .option('--seed <n>', '0 … 2^53 - 1; drawn and told when left out', wholeNumber)
    .addOption(
      new Option('--noise <kind>', 'how the seed draws noise: as PyTorch on CUDA, or on the CPU')
        .choices(['philox', 'torch-cpu'])
        .default('philox'),
    )
    .option('--width <px>', "the model's own size when left out", wholeNumber)
    .option('--height <px>', "the model's own size when left out", wholeNumber)
    .option('--init <image>', 'a picture to start from')
    .option('--strength <share>', 'with --init: 0 keeps that picture, 1 ignores it', finiteNumber, 0.6)
    .addOption(
      new Option('--lora, --adapter <path[:strength]>', 'a LoRA or its like; repeat it for several')
        .argParser(adapterOption)
        .default([], 'none'),
    )
    .option('--json', 'print one JSON object about the picture', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: GenerateFlags) => {
      await runAction(flags.json, async (signal) => {
        const { generate } = await import('../generate.ts');
        return generate(flags, signal);
      });
    });
}

const EXAMPLES = `
Examples:
  impasto generate --prompt "a red sailboat on the sea at sunset" --seed 7 --out boat.png
  impasto generate --prompt "the same, at night" --init boat.png --strength 0.5 --out night.png
  impasto generate --model sdxl.safetensors --adapter ink.safetensors:0.8 --prompt "a fox" --out fox.png --json`;
