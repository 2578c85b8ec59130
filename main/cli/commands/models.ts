import { Command } from 'commander';
import type { ModelCard } from '../../../preload/contract/index.ts';
import { runAction } from '../run-action.ts';

/** `impasto models`: what can be painted with; paths are opened and added. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('List the models that can be painted with; open more by their paths.')
    .argument('[paths...]', '.safetensors checkpoints or diffusers folders to open and remember')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  impasto models ~/models/dreamshaper.safetensors')
    .action(async (paths: string[], flags: { json: boolean }) => {
      await runAction(flags.json, async () => {
        const { openStudio } = await import('../open-studio.ts');
        const studio = await openStudio({ startWorker: false });
        try {
          for (const path of paths) await studio.request('models.open', { path });
          const models = await studio.request('models.list', {});
          return { text: models.map(line).join('\n'), json: { models } };
        } finally {
          await studio.close();
        }
      });
    });
}

function line({ name, family, bytes, nativeWidth, nativeHeight, about }: ModelCard): string {
  return `${name} (${family}, ${(bytes / 1e6).toFixed(0)} MB, ${nativeWidth} × ${nativeHeight} px)\n  ${about}`;
}
