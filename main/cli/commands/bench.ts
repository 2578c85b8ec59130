import { Command, Option } from 'commander';
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
    .addCommand(benchModelCommand())
    .addCommand(benchPaintCommand())
    .addCommand(benchLargeCommand());
}

function benchModelCommand(): Command {
  return new Command('model')
    .description(
      "Measure a model's denoising step against the machine's own matrix rate, and what a LoRA adds to it.",
    )
    .argument(
      '[path]',
      'a .safetensors checkpoint or a diffusers folder; of ONNX exports, cold start and memory only; the embedded model when left out',
    )
    .option('--size <px>', 'side of the picture; 512, or 256 for the embedded model', wholeNumber)
    .option(
      '--rounds <n>',
      'how often everything is measured; the best counts, for a swap the median',
      wholeNumber,
      5,
    )
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

interface BenchPaintFlags {
  strokes?: string;
  size: number;
  layers: number;
  events: number;
  canvas: 'cpu' | 'gpu' | 'both';
  seconds: number;
  hardware: boolean;
  json: boolean;
}

function benchPaintCommand(): Command {
  return new Command('paint')
    .description(
      'Paint in the built studio, in a browser without a window, with a recorded pen: dabs a second, milliseconds from an event to the picture, frames dropped, peak memory.',
    )
    .option('--strokes <file>', 'recording, a line a reading: seconds, x, y, pressure; spirals when left out')
    .option('--size <px>', 'side of the document', wholeNumber, 4096)
    .option('--layers <n>', 'layers under and over the one painted on', wholeNumber, 50)
    .option('--events <n>', 'most readings of the recording', wholeNumber, 100_000)
    .addOption(
      new Option('--canvas <what>', 'what composites').choices(['cpu', 'gpu', 'both']).default('both'),
    )
    .option('--seconds <n>', 'end a replay after so long, and say what it covered', wholeNumber, 60)
    .option(
      '--hardware',
      'composite on the graphics card itself; by default on one in software, which every machine has',
      false,
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', PAINT_EXAMPLES)
    .action(async (flags: BenchPaintFlags, command: Command) => {
      if (flags.size < 256 || flags.size > 8192) command.error('--size is 256 to 8192.');
      if (flags.layers < 1 || flags.layers > 200) command.error('--layers is 1 to 200.');
      if (flags.seconds < 1 || flags.seconds > 3600) command.error('--seconds is 1 to 3600.');
      await runAction(flags.json, async (signal) => {
        const { benchPaint } = await import('../bench-paint.ts');
        return benchPaint(flags, signal);
      });
    });
}

const PAINT_EXAMPLES = `
Examples:
  impasto bench paint
  impasto bench paint --strokes painting30sec.dat --canvas cpu
  impasto bench paint --size 2048 --layers 10 --events 500 --json`;

interface BenchLargeFlags {
  size: number;
  layers: number;
  patches: number;
  noise: boolean;
  memory?: string;
  events: number;
  json: boolean;
}

function benchLargeCommand(): Command {
  return new Command('large')
    .description(
      'Open a document as large as they get in the built studio, in a browser without a window: how soon it is seen, what panning, zooming and painting cost a frame, memory of page and studio.',
    )
    .option('--size <px>', 'side of the document', wholeNumber, 16_384)
    .option('--layers <n>', 'layers with patches of paint', wholeNumber, 20)
    .option('--patches <n>', 'patches of 25 tiles (6 MB) a layer; they may overlap', wholeNumber, 5)
    .option('--noise', 'noise in place of paint: nothing of it packs', false)
    .addOption(
      new Option(
        '--memory <MB>',
        'what its pixels may take in the page; an eighth of the machine unless told',
      ).choices(['512', '1024', '2048', '4096']),
    )
    .option('--events <n>', 'readings of a made-up pen', wholeNumber, 600)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', LARGE_EXAMPLES)
    .action(async (flags: BenchLargeFlags, command: Command) => {
      if (flags.size < 1024 || flags.size > 16_384) command.error('--size is 1024 to 16384.');
      if (flags.layers < 1 || flags.layers > 100) command.error('--layers is 1 to 100.');
      if (flags.patches < 1 || flags.patches > 200) command.error('--patches is 1 to 200.');
      if (flags.events < 10 || flags.events > 2900) command.error('--events is 10 to 2900.');
      await runAction(flags.json, async (signal) => {
        const { benchLarge } = await import('../bench-large.ts');
        return benchLarge(flags, signal);
      });
    });
}

const LARGE_EXAMPLES = `
Examples:
  impasto bench large
  impasto bench large --layers 20 --patches 30
  impasto bench large --layers 20 --patches 30 --noise --memory 512
  impasto bench large --size 8192 --layers 40 --json`;
