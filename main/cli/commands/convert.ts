import { Command, Option } from 'commander';
import type { ConvertFlags } from '../convert.ts';
import { backgroundColour, quality, scaleFactor } from '../parse-option.ts';
import { runAction } from '../run-action.ts';

/** `impasto convert`: a picture file of any kind becomes one of another. */
export function convertCommand(): Command {
  const command = new Command('convert')
    .description(
      'Convert between .impasto, .psd, .psb, .ora, .png, .jpg, .webp, .avif, .tif and .exr. Layers stay layers where both sides have them; what cannot stay is listed. Of .gif the first frame is read, of .kra and .xcf the layers.',
    )
    .argument('<in>', 'the file to read')
    .argument('<out>', 'the file to write; its ending says the format')
    .option(
      '--proof <profile.icc>',
      'write what a press with this profile would print, and say what it cannot',
    )
    .option('--gamut-warning', 'with --proof: paint grey what the press cannot print', false)
    .addOption(
      new Option(
        '--intent <intent>',
        'with --proof, or the --profile of a press: how colours are brought within its reach; perceptual when left out',
      ).choices(['perceptual', 'relative', 'saturation']),
    )
    .option(
      '--black-point',
      'with the --profile of a press: black becomes its own, so that dark tones keep their steps (for --intent relative)',
      false,
    );
  return withFileOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (source: string, target: string, flags: ConvertFlags) => {
      await runAction(flags.json, async (signal) => {
        const { convert } = await import('../convert.ts');
        return convert(source, target, flags, signal);
      });
    });
}

/** `impasto flatten`: any picture file as it is seen, as one flat PNG. */
export function flattenCommand(): Command {
  const command = new Command('flatten')
    .description('Composite a picture file with the engine that draws it on the screen, and write it as PNG.')
    .argument('<in>', 'the file to read')
    .argument('<out.png>', 'the PNG to write');
  return withFileOptions(command)
    .addHelpText('after', '\nExample:\n  impasto flatten fox.psd fox.png --background white')
    .action(async (source: string, target: string, flags: ConvertFlags) => {
      await runAction(flags.json, async (signal) => {
        const { flatten } = await import('../convert.ts');
        return flatten(source, target, flags, signal);
      });
    });
}

function withFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--depth <bits>', "bits a channel of a flat file; the picture's own when left out").choices([
        '8',
        '16',
      ]),
    )
    .option('--profile <name>', 'srgb, display-p3 or an .icc file to convert to; kept as it is when left out')
    .option('--background <colour>', 'a colour to lay it over: white, black, #rrggbb', backgroundColour)
    .option(
      '--quality <1-100>',
      'of JPEG, WebP and AVIF; 100 is lossless for the last two; 90 when left out',
      quality,
    )
    .option('--scale <factor>', 'size relative to the canvas, of a flat file', scaleFactor)
    .option('--force', 'replace an earlier output', false)
    .option('--json', 'print one JSON object: sizes, layers, everything that was lost', false);
}

const EXAMPLES = `
Examples:
  impasto convert poster.psd poster.impasto
  impasto convert poster.impasto poster.ora
  impasto convert scan.tif scan.png --depth 16
  impasto convert poster.psd poster.jpg --profile srgb --quality 95 --background white
  impasto convert poster.psd press.tif --profile press.icc --intent relative --black-point
  impasto convert poster.psd proof.png --proof press.icc --gamut-warning

What the output cannot hold is listed on standard error before it is written, and in --json.`;
