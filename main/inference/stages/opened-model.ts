import { stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { pixelsPerCell } from '../../../native-models/architectures/vae-encoder.ts';
import type { Checkpoint, Component, ComponentName } from '../../../native-models/checkpoints/checkpoint.ts';
import type { VaeConfig } from '../../../native-models/checkpoints/component-configs.ts';
import { openVae } from '../../../native-models/checkpoints/open-vae.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import type { Weights } from '../../../native-models/checkpoints/weights.ts';
import { ModelError } from '../../../native-models/errors.ts';

/** A checkpoint with every part that a picture needs. */
export interface OpenedModel {
  readonly checkpoint: Checkpoint;
  readonly vae: Component<VaeConfig>;
  /** Pixels along each side of one latent cell; pictures are multiples of it. */
  readonly cell: number;
  /** Changes when any of its files or settings does. */
  readonly identity: string;
}

const PART_NAMES: Record<ComponentName, string> = {
  unet: 'a UNet',
  vae: 'a VAE',
  text_encoder: 'a text encoder',
  text_encoder_2: 'its second text encoder',
};

/**
 * Opens a model: headers and settings only, which costs milliseconds.
 *
 * @param vaePath an autoencoder in place of the model's own.
 * @throws ModelError when it cannot be opened or lacks a part.
 */
export async function openModel(path: string, vaePath?: string): Promise<OpenedModel> {
  const checkpoint = await openCheckpoint(path);
  const vae = vaePath === undefined ? checkpoint.vae : await openVae(vaePath, scalingFactor(checkpoint));
  const missing = checkpoint.missing.filter((part) => part !== 'vae' || vae === undefined);
  if (vae === undefined || missing.length > 0) {
    const parts = missing.map((part) => PART_NAMES[part]).join(' and ');
    throw new ModelError(
      'weights-missing',
      `${checkpoint.path} lacks ${parts || PART_NAMES.vae}.`,
      'Use a version of the model that is not pruned.',
    );
  }
  const hash = createHash('sha256').update(settingsOf(checkpoint, vae));
  const vaeFiles = [...vae.weights.entries()].map(([, tensor]) => tensor.file);
  for (const file of new Set([...checkpoint.files.map((found) => found.path), ...vaeFiles])) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return { checkpoint, vae, cell: pixelsPerCell(vae.config), identity: hash.digest('hex') };
}

/** What a family's latents are multiplied by, for an autoencoder that does not say. */
function scalingFactor({ family, vae }: Checkpoint): number {
  return vae?.config.scalingFactor ?? (family === 'sdxl' ? 0.13025 : 0.18215);
}

function settingsOf({ textEncoders, unet }: Checkpoint, vae: Component<VaeConfig>): string {
  return JSON.stringify([textEncoders.map((encoder) => encoder.config), unet.config, vae.config]);
}

/** Bytes of a component's weights as they are stored. */
export function weightBytes(weights: Weights): number {
  let bytes = 0;
  for (const [, tensor] of weights.entries()) bytes += tensor.length;
  return bytes;
}
