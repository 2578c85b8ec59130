import { Command } from 'commander';
import { collect } from '../parse-option.ts';
import { runAction } from '../run-action.ts';

/** `impasto replay`: makes a picture again from the recipe in it. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Make a picture again from the recipe in it, and compare the two bit by bit.')
    .argument('<file.png>', 'a picture that Impasto made')
    .option(
      '--find <path>',
      'a file or folder in which missing parts are looked for; repeatable',
      collect,
      [],
    )
    .option(
      '--exact',
      'make the exact picture that an approximate one stands for, and say by how much they differ',
      false,
    )
    .option('--out <file.png>', 'where to write the picture that was made again')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: { find: string[]; exact: boolean; out?: string; json: boolean }) => {
      await runAction(flags.json, async (signal) => {
        const { replay } = await import('../replay.ts');
        return replay(file, flags, signal);
      });
    });
}

const EXAMPLES = `
Examples:
  impasto replay boat.png
  impasto replay quick.png --exact --out exact.png
  impasto replay boat.png --find ~/models --out again.png --json

Exit codes: 0 the same bits, 1 a part is missing or it could not be made, 3 made, and another picture.`;
