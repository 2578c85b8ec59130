import { access } from 'node:fs/promises';
import path from 'node:path';
import { stableDiffusionSchedule } from './component-configs.ts';
import { readModelJson } from './component-files.ts';
import type { TextEncoderComponent } from './checkpoint.ts';
import { parseSchedulerConfig } from './parse-config.ts';

/** True when there is something of that name. */
export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The schedule that a model folder names, or Stable Diffusion's where it names none. @throws ModelError `config-invalid` */
export async function openSchedule(folder: string): Promise<ReturnType<typeof parseSchedulerConfig>> {
  const file = path.join(folder, 'scheduler', 'scheduler_config.json');
  return (await exists(file))
    ? parseSchedulerConfig(await readModelJson(file))
    : stableDiffusionSchedule('epsilon');
}

/** How a text encoder of a model folder reads words: by the tokenizer beside it, or by CLIP's where there is none. */
export async function wordsOf(
  folder: string,
  component: 'text_encoder' | 'text_encoder_2',
  config: TextEncoderComponent['config'],
): Promise<Pick<TextEncoderComponent, 'tokenizer' | 'padToken'>> {
  const tokenizer = path.join(folder, component.replace('text_encoder', 'tokenizer'));
  const own =
    (await exists(path.join(tokenizer, 'vocab.json'))) ||
    (await exists(path.join(tokenizer, 'tokenizer.json')));
  return {
    tokenizer: own ? { folder: tokenizer } : 'clip',
    // OpenCLIP's encoders were trained with "!", id 0, after the end.
    padToken: config.activation === 'gelu' ? 0 : config.endToken,
  };
}
