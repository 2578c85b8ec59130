import path from 'node:path';
import { ModelError } from '../errors.ts';
import type { Checkpoint, Component, ComponentName, TextEncoderComponent } from './checkpoint.ts';
import type { VaeConfig } from './component-configs.ts';

/** The checkpoint with another autoencoder. */
export function withVae(checkpoint: Checkpoint, vae: Component<VaeConfig>): Checkpoint {
  return { ...checkpoint, vae, missing: checkpoint.missing.filter((part) => part !== 'vae') };
}

/** The checkpoint with another text encoder in the place of one that it lacks. */
export function withTextEncoder(
  checkpoint: Checkpoint,
  component: 'text_encoder' | 'text_encoder_2',
  encoder: TextEncoderComponent,
): Checkpoint {
  const textEncoders =
    component === 'text_encoder'
      ? [encoder, ...checkpoint.textEncoders]
      : [...checkpoint.textEncoders, encoder];
  return { ...checkpoint, textEncoders, missing: checkpoint.missing.filter((part) => part !== component) };
}

const names: Readonly<Record<ComponentName, string>> = {
  unet: 'the UNet',
  vae: 'the autoencoder (VAE)',
  text_encoder: 'the text encoder',
  text_encoder_2: 'the second text encoder',
};

/**
 * Makes sure that nothing is missing.
 * @throws {ModelError} `weights-missing`, naming the parts.
 */
export function requireComplete(checkpoint: Checkpoint): void {
  if (checkpoint.missing.length === 0) return;
  throw new ModelError(
    'weights-missing',
    `${path.basename(checkpoint.path)} lacks ${checkpoint.missing.map((part) => names[part]).join(' and ')}.`,
    'Choose a file for the missing part, or get the full version of this model.',
  );
}
