import { Command } from 'commander';
import { runAction } from '../run-action.ts';

/** `impasto tokens`: how a model reads a prompt. */
export function tokensCommand(): Command {
  return new Command('tokens')
    .description(
      'Count the tokens of a prompt, show where its chunks end, and name words the model does not know.',
    )
    .argument('<prompt>', 'the text, as it would be given to generate')
    .option(
      '--model <path>',
      'a .safetensors checkpoint or a diffusers folder; the embedded model when left out',
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  impasto tokens "a red (sailboat:1.2) at sunset"')
    .action(async (prompt: string, flags: { model?: string; json: boolean }) => {
      await runAction(flags.json, async () => {
        const { openStudio } = await import('../open-studio.ts');
        const studio = await openStudio({ startWorker: false });
        try {
          const modelId =
            flags.model === undefined
              ? 'embedded'
              : (await studio.request('models.open', { path: flags.model })).id;
          const count = await studio.request('models.tokens', { modelId, text: prompt });
          const chunks = count.borders.length;
          const unknown = count.unknown.map(({ word, nearest }) =>
            nearest.length === 0 ? word : `${word} (near: ${nearest.join(', ')})`,
          );
          const lines = [
            `${count.tokens} tokens; ${count.limit} fit a chunk${chunks > 0 ? `; chunks end at ${count.borders.join(', ')}` : ''}`,
            ...(unknown.length > 0 ? [`Not known to this model: ${unknown.join('; ')}`] : []),
          ];
          return { text: lines.join('\n'), json: count };
        } finally {
          await studio.close();
        }
      });
    });
}
