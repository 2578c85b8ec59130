import { Command } from 'commander';
import type { CacheFlags } from '../cache.ts';
import { numberBetween } from '../parse-option.ts';
import { runAction } from '../run-action.ts';

/** `impasto cache`: what is kept of earlier runs, how much it may be, and how it is let go of. */
export function cacheCommand(): Command {
  return new Command('cache')
    .description('Show what is kept of earlier runs, set how much it may be, or let go of it.')
    .option('--clear', 'take away everything that can be computed again; pictures you made stay', false)
    .option('--pictures <GiB>', 'finished pictures for repeats; 2 by default', numberBetween(0, 10_000))
    .option('--stages <GiB>', 'states, texts and the like on disk; 2 by default', numberBetween(0, 10_000))
    .option('--memory <GiB>', 'the same in memory; 0.25 by default', numberBetween(0, 1000))
    .option('--max-age <days>', 'let go of what was not used for so long', numberBetween(1, 10_000))
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExamples:\n  impasto cache\n  impasto cache --stages 8 --max-age 30\n  impasto cache --clear',
    )
    .action(async (flags: CacheFlags) => {
      await runAction(flags.json, async () => {
        const { cache } = await import('../cache.ts');
        return cache(flags);
      });
    });
}
