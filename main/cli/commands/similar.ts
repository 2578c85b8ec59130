import { Command } from 'commander';
import { wholeNumber } from '../parse-option.ts';
import { runAction } from '../run-action.ts';

/** `impasto similar`: results that look nearly like a picture. */
export function similarCommand(): Command {
  return new Command('similar')
    .description('Find results that look nearly like a picture, by 64-bit difference hashes.')
    .argument('<picture>', 'a PNG, JPEG, WebP, TIFF, GIF or AVIF file')
    .option('--within <bits>', 'most bits that may differ: 0 to 15', wholeNumber, 8)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  impasto similar boat.jpg --within 10')
    .action(async (path: string, flags: { within: number; json: boolean }) => {
      await runAction(flags.json, async () => {
        const { findSimilar } = await import('../find-similar.ts');
        return findSimilar(path, flags.within);
      });
    });
}
