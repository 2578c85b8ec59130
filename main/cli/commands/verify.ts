import { Command } from 'commander';
import { runAction } from '../run-action.ts';

interface VerifyFlags {
  reference?: string;
  json: boolean;
}

/** `impasto verify`: this installation held against other programs, or a model on each device against the processor. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Compute everything that a folder of reference values holds, and compare; or compute a model of your own on each ' +
        'device and in each precision here, and compare with the processor in fp32. Exit code 1 on a miss.',
    )
    .argument('[model]', 'a checkpoint to judge, or "embedded"; the verdicts are remembered')
    .option(
      '--reference <folder>',
      'samplers, noise, tokens, adapters and models, computed by other programs',
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (model: string | undefined, flags: VerifyFlags, command: Command) => {
      const { reference, json } = flags;
      if ((model === undefined) === (reference === undefined)) {
        command.error('error: give either a model or --reference <folder>');
      }
      await runAction(json, async (signal) => {
        if (model !== undefined) {
          const { judgeModel } = await import('../verify-model.ts');
          return judgeModel(model, signal);
        }
        const { verify } = await import('../verify.ts');
        return verify(reference ?? '', signal);
      });
    });
}

const EXAMPLES = `
Examples:
  impasto verify --reference ../shared/reference
  impasto verify ~/models/dreamshaper.safetensors`;
