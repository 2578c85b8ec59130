import { Command } from 'commander';
import { runAction } from '../run-action.ts';

/** `impasto inspect`: what a model or adapter file is, or how a picture was made. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'Say what a model, LoRA, embedding, ControlNet or VAE is, without opening more than its header; or how a ' +
        'picture was made, by Impasto or another program; or what of another program’s brushes comes in.',
    )
    .argument(
      '<path>',
      'a .safetensors file, a diffusers folder, a PNG, JPEG or WebP picture, or brushes (.abr, .myb, .gbr, .gih, .vbr)',
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExamples:\n  impasto inspect inkwash_v3.safetensors\n  impasto inspect ComfyUI_00012_.png --json',
    )
    .action(async (path: string, flags: { json: boolean }) => {
      await runAction(flags.json, async () => {
        const { inspectPicture, isPictureFile } = await import('../inspect-picture.ts');
        if (await isPictureFile(path)) return inspectPicture(path);
        const { BRUSH_FILE } = await import('../../../renderer/engine/brush/import/brush-file-names.ts');
        if (BRUSH_FILE.test(path)) {
          const { inspectBrushes } = await import('../inspect-brushes.ts');
          return inspectBrushes(path);
        }
        const { refuseOtherFiles } = await import('../refuse-other-files.ts');
        await refuseOtherFiles(path);
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
