import { Command } from 'commander';
import type { ModelsFlags } from '../list-models.ts';
import { collect } from '../parse-option.ts';
import { runAction } from '../run-action.ts';

/** `impasto models`: what can be painted with; paths are opened and added, folders scanned. */
export function modelsCommand(): Command {
  return new Command('models')
    .description(
      'List the models that can be painted with; open more by their paths, or scan folders for them.',
    )
    .argument('[paths...]', '.safetensors checkpoints or diffusers folders to open and remember')
    .option('--folder <path>', 'a folder to look through, now and after each start; repeatable', collect, [])
    .option('--forget <path>', 'a folder to look through no more; its files stay as they are', collect, [])
    .option('--adapters', 'list the LoRAs and their like that were found, too', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: ModelsFlags) => {
      await runAction(flags.json, async (signal) => {
        const { listModels } = await import('../list-models.ts');
        return listModels(paths, flags, signal);
      });
    });
}

const EXAMPLES = `
Examples:
  impasto models ~/models/dreamshaper.safetensors
  impasto models --folder ~/models --adapters`;
