import { Command } from 'commander';
import { runAction } from '../run-action.ts';

/** `impasto brush`: brushes painted as strokes. */
export function brushCommand(): Command {
  return new Command('brush')
    .description('Paint the brushes of a file, or those that ship, as strokes on one sheet.')
    .argument(
      '[file]',
      'brushes of Photoshop (.abr), MyPaint (.myb) or GIMP (.gbr, .gih, .vbr); without it, those that ship',
    )
    .requiredOption('--out <path>', 'where to write the sheet: .png')
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExamples:\n  impasto brush charcoal.myb --out charcoal.png\n  impasto brush --out pack.png',
    )
    .action(async (file: string | undefined, flags: { out: string; json: boolean }) => {
      await runAction(flags.json, async (signal) => {
        const { drawBrushes } = await import('../draw-brushes.ts');
        return drawBrushes(file, flags.out, signal);
      });
    });
}
