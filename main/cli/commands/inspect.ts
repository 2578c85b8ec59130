import { Command } from 'commander';
import { runAction } from '../run-action.ts';

/** `impasto inspect`: what a model or adapter file is. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'Say what a model, LoRA, embedding, ControlNet or VAE is, without opening more than its header.',
    )
    .argument('<path>', 'a .safetensors file or a diffusers folder')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  impasto inspect inkwash_v3.safetensors')
    .action(async (path: string, flags: { json: boolean }) => {
      await runAction(flags.json, async () => {
        const { describeFile } = await import('../../models/describe-file.ts');
        const found = await describeFile(path);
        const { kind, name, family, bytes, triggerWords, details } = found;
        const lines = [
          `${name}: ${kind}${family === null ? '' : ` for ${family}`}, ${(bytes / 1e6).toFixed(1)} MB`,
          ...details,
          ...(triggerWords.length === 0 ? [] : [`Trigger words: ${triggerWords.slice(0, 10).join(', ')}`]),
        ];
        return { text: lines.join('\n'), json: found };
      });
    });
}
