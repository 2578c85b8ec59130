import { Command, Option } from 'commander';
import type { GenerateFlags } from '../generate.ts';
import {
  adapterOption,
  borders,
  controlnetOption,
  hiresOption,
  regionOption,
  runPart,
} from '../parse-inputs.ts';
import {
  collect,
  finiteNumber,
  numberBetween,
  preparation,
  PRECISIONS,
  PREPARATIONS,
  wholeNumber,
} from '../parse-option.ts';
import { requirePrompt } from '../require-prompt.ts';
import { runAction } from '../run-action.ts';

/** `impasto generate`: a prompt becomes a PNG with its recipe inside. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('Make a picture from a prompt and write it as a PNG with its recipe inside.')
    .option('--prompt <text>', 'what to paint; with --from, in place of its own')
    .option(
      '--from <picture>',
      'take the settings of a picture by Impasto or another program; options given beside it win',
    )
    .requiredOption('--out <file.png>', 'where to write the picture; an earlier one is replaced')
    .option('--negative <text>', 'what to keep away from')
    .option(
      '--model <path>',
      'a .safetensors checkpoint, a diffusers folder or a folder of ONNX exports; the embedded model when left out',
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
      new Option(
        '--noise <kind>',
        'how the seed draws noise: as PyTorch on CUDA (philox, when left out), or on the CPU',
      ).choices(['philox', 'torch-cpu']),
    )
    .option('--width <px>', "the model's own size when left out", wholeNumber)
    .option('--height <px>', "the model's own size when left out", wholeNumber)
    .option('--image, --init <image>', 'a picture to start from')
    .option(
      '--strength <share>',
      'with --image: 0 keeps that picture, 1 ignores it; 0.6 when left out',
      finiteNumber,
    )
    .addOption(
      new Option(
        '--lora, --adapter <path[:strength][@mask]>',
        'a LoRA or its like, everywhere or where a mask picture is white; @0.2-0.8 limits it to steps; repeatable',
      )
        .argParser(adapterOption)
        .default([], 'none'),
    )
    .option(
      '--mask <image>',
      'with --image: white is painted anew, black keeps that picture to the bit; only the part around it is ' +
        "worked on, at the model's own size",
    )
    .option('--whole', 'with --mask: work on the whole picture, resampled to --width and --height', false)
    .option(
      '--feather <px>',
      'with --mask: how far it fades inwards; chosen by its size when left out',
      wholeNumber,
    )
    .option(
      '--colour-match <share>',
      "with --mask: how much of the model's shift of colours is taken off, 0 to 1; all of it when left out",
      finiteNumber,
    )
    .addOption(
      new Option(
        '--outpaint <left,top,right,bottom>',
        'with --image: so many pixels are added around that picture and painted',
      ).argParser(borders),
    )
    .addOption(
      new Option(
        '--region <mask:words[:weight]>',
        'words for where a mask picture is white; the prompt holds everywhere; repeatable',
      )
        .argParser(regionOption)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--hires <scale[:strength][:method]>',
        'two passes: at --width and --height first, then so many times as large, such as 2x:0.35; ' +
          'enlarged by lanczos, latent-linear or latent-nearest',
      ).argParser(hiresOption),
    )
    .option(
      '--control <image>',
      'a picture to hold to, for one --controlnet; repeatable. A single sketch for the embedded model needs none',
      collect,
      [],
    )
    .addOption(
      new Option(
        '--controlnet <path[:strength[@start-end]]>',
        'a ControlNet, the first for the first --control, and the share of the steps that it acts in; repeatable',
      )
        .argParser(controlnetOption)
        .default([], 'none'),
    )
    .addOption(
      new Option('--prepare <how>', 'what is drawn from --control first; once for all, or once for each')
        .choices(PREPARATIONS)
        .argParser(preparation)
        .default([], 'as-is; lines for a sketch without --controlnet'),
    )
    .option('--embedding <path>', 'a textual inversion; the prompt calls it by its word', collect, [])
    .option('--clip-skip <n>', 'layer of the text encoder, counted from its end; 1 is the last', wholeNumber)
    .option(
      '--done-within <seconds>',
      'what would take longer gives way by named steps (no second pass, fewer steps, smaller), which the recipe says; ' +
        'loading the model apart, and once it was timed here',
      numberBetween(0.1, 86_400),
    )
    .option(
      '--approximate <threshold>',
      'forecast evaluations while little changes, such as 0.1: quicker, and not exact; the recipe says so',
      finiteNumber,
    )
    .option(
      '--approximate-prompt <bits>',
      'begin as a picture of nearly the same prompt (0 … 15 bits of its hash, such as 12) and the same seed, if one is kept: ' +
        'quicker, and not exact; the recipe says so, and "replay --exact" tells by how much',
      wholeNumber,
    )
    .option(
      '--guidance-rescale <share>',
      'pull guidance back to the spread of the prompt alone, 0 … 1',
      finiteNumber,
    )
    .option(
      '--guidance-interval <from-to>',
      'part of the run in which guidance is on, such as 0.1-0.8',
      runPart,
    )
    .option('--vae <path>', "an autoencoder in place of the model's own")
    .addOption(
      new Option(
        '--precision <how>',
        'arithmetic, or bits of the linear layers; a form that was never checked on this model is checked first',
      )
        .choices(PRECISIONS)
        .default('auto'),
    )
    .option(
      '--count, --batch <n>',
      'so many pictures, each with the next seed: file-1.png, file-2.png …',
      wholeNumber,
    )
    .option(
      '--no-cache',
      'compute everything and keep nothing of it; else steps that this machine has done already, here or in the window, ' +
        'are taken bit for bit',
    )
    .option('--json', 'print one JSON object about the picture', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: GenerateFlags, command: Command) => {
      requirePrompt(command, flags);
      await runAction(flags.json, async (signal) => {
        const { generate } = await import('../generate.ts');
        return generate(flags, signal);
      });
    });
}

const EXAMPLES = `
Examples:
  impasto generate --prompt "a red sailboat on the sea at sunset" --seed 7 --out boat.png
  impasto generate --prompt "the same, at night" --image boat.png --strength 0.5 --out night.png
  impasto generate --model sdxl.safetensors --lora ink.safetensors:0.8 --prompt "a fox" --out fox.png --json
  impasto generate --image boat.png --mask sky.png --prompt "a stormy sky" --strength 0.9 --out storm.png
  impasto generate --model dream.safetensors --control photo.jpg --controlnet canny.safetensors:0.8 --prepare canny \\
    --prompt "a paper house" --out house.png
  impasto generate --control sketch.png --prompt "a red house at sunset, oil painting" --out sketched.png
  impasto generate --image boat.png --outpaint 64,0,64,0 --prompt "the sea at sunset" --strength 1 --out wide.png
  impasto generate --prompt "a lighthouse at dawn" --hires 2x:0.35 --out large.png
  impasto generate --prompt "a beach at dawn" --region left.png:"a red house" --region right.png:"a lighthouse" \\
    --lora ink.safetensors:0.8@left.png --out two.png
  impasto generate --from ComfyUI_00012_.png --steps 30 --out again.png
  impasto generate --prompt "a hill in fog" --count 4 --seed 10 --out hill.png`;
