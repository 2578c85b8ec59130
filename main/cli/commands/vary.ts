import { Command, Option } from 'commander';
import { adapterOption } from '../parse-inputs.ts';
import { forkPlace, numberBetween, wholeNumber } from '../parse-option.ts';
import { runAction } from '../run-action.ts';
import type { VaryFlags } from '../vary.ts';

/** `impasto vary`: pictures that differ from one from a step on. */
export function varyCommand(): Command {
  return new Command('vary')
    .description(
      'Make variations of a picture that differ from a step of its run on; what comes before is not done again.',
    )
    .argument('<file.png>', 'a picture that Impasto made')
    .requiredOption('--out <file.png>', 'where to write the picture; several are numbered')
    .addOption(
      new Option(
        '--at <step|share%>',
        'where they differ: after so many steps, or such a share of the run',
      ).argParser(forkPlace),
    )
    .option('--subtle', 'from 75% of the run on: another hand, the same picture', false)
    .option('--strong', 'from 40% of the run on: another picture of the same plan', false)
    .option(
      '--theta <degrees>',
      'how far the noise is turned: 0 not at all, 90 it is all fresh',
      numberBetween(0, 90),
    )
    .option('--seed <n>', 'of the fresh noise; drawn and told when left out', wholeNumber)
    .option('--prompt <text>', 'what to paint from there on')
    .option('--negative <text>', 'what to keep away from from there on')
    .option('--guidance <scale>', 'how closely to follow the prompt from there on', numberBetween(0, 100))
    .option('--steps <n>', 'steps of the schedule that the rest is run with; more work finer', wholeNumber)
    .addOption(
      new Option('--lora, --adapter <path[:strength]>', 'all adapters from there on; repeatable').argParser(
        adapterOption,
      ),
    )
    .option(
      '--within <image>',
      'differ only where this picture is white; elsewhere every pixel stays as it is',
    )
    .option('--mask <image>', 'for a picture made with a mask: that mask from there on')
    .option('--count <n>', 'so many, each with the next seed', wholeNumber)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: VaryFlags) => {
      await runAction(flags.json, async (signal) => {
        const { vary } = await import('../vary.ts');
        return vary(file, flags, signal);
      });
    });
}

const EXAMPLES = `
Without --prompt, --guidance and the like, the noise is fresh from there on (--theta 90).

Examples:
  impasto vary boat.png --subtle --count 4 --out boats.png
  impasto vary boat.png --at 60% --prompt "a red sailboat in a storm" --out storm.png
  impasto vary boat.png --strong --within sky.png --prompt "a stormy sky" --out sky-changed.png
  impasto vary boat.png --at 12 --theta 30 --seed 5 --out near.png`;
