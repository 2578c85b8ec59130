import { Command } from 'commander';
import { numberBetween } from '../parse-option.ts';
import { runAction } from '../run-action.ts';

/** `impasto timelapse`: how a document was painted, as a picture that moves. */
export function timelapseCommand(): Command {
  return new Command('timelapse')
    .description('Play the history of a document into an animated WebP or GIF.')
    .argument('<document>', 'an .impasto file')
    .argument('<out>', 'where to write: .webp or .gif')
    .option('--seconds <number>', 'longest running time, 1 … 120', numberBetween(1, 120), 15)
    .option('--fps <number>', 'frames a second, 1 … 50', numberBetween(1, 50), 12)
    .option('--edge <pixels>', 'longest edge of the frames, 64 … 2048', numberBetween(64, 2048), 640)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nEach step of the history becomes a frame; longer histories skip steps evenly.\n\nExample:\n  impasto timelapse fox.impasto fox.webp --seconds 20',
    )
    .action(
      async (
        document: string,
        out: string,
        flags: { seconds: number; fps: number; edge: number; json: boolean },
      ) => {
        await runAction(flags.json, async (signal) => {
          const { writeTimeLapse } = await import('../write-time-lapse.ts');
          const made = await writeTimeLapse(document, out, flags, signal);
          return {
            text: `${out}: ${made.frames} frames of ${made.width} × ${made.height}, ${(made.bytes / 1e6).toFixed(1)} MB`,
            json: made,
          };
        });
      },
    );
}
