import { z } from 'zod';
import { StudioError } from '../../preload/contract/index.ts';
import { encodeSafetensors } from '../../native-models/checkpoints/encode-safetensors.ts';
import { readSafetensorsHeader, readTensorBytes } from '../../native-models/checkpoints/safetensors.ts';
import { writeDurably } from '../storage/write-durably.ts';
import type { AdamwState } from './adamw.ts';

/** What a training goes on from. */
export interface TrainingCheckpoint extends AdamwState {
  /** Steps that are done. */
  readonly step: number;
  /** Losses of the last steps, for the progress. */
  readonly losses: readonly number[];
}

const format = 'impasto-training-1';
const metadataSchema = z.object({
  format: z.literal(format),
  fingerprint: z.string(),
  step: z.coerce.number().int().min(0),
  losses: z.string().transform((text) => z.array(z.number()).parse(JSON.parse(text))),
});
const tensors = ['parameters', 'first', 'second'] as const;

/** Writes a checkpoint: whole under its name, or the one before stays. */
export async function writeCheckpoint(
  file: string,
  fingerprint: string,
  checkpoint: TrainingCheckpoint,
): Promise<void> {
  const parts = encodeSafetensors(
    tensors.map((name) => ({ name, shape: [checkpoint[name].length], values: checkpoint[name] })),
    { format, fingerprint, step: `${checkpoint.step}`, losses: JSON.stringify(checkpoint.losses) },
  );
  await writeDurably(file, parts);
}

/**
 * Reads a checkpoint.
 *
 * @param fingerprint of the training that goes on: its model, pictures and settings.
 * @throws StudioError `training/checkpoint-other` where it is of another one, `training/checkpoint-damaged`.
 */
export async function readCheckpoint(
  file: string,
  fingerprint: string,
  length: number,
): Promise<TrainingCheckpoint> {
  const damaged = (why: string): StudioError =>
    new StudioError(
      'training/checkpoint-damaged',
      `${file} cannot be gone on from: ${why}.`,
      'Begin anew with --restart.',
    );
  const header = await readSafetensorsHeader(file);
  const told = metadataSchema.safeParse(Object.fromEntries(header.metadata));
  if (!told.success) throw damaged('it is no checkpoint of a training');
  if (told.data.fingerprint !== fingerprint) {
    throw new StudioError(
      'training/checkpoint-other',
      `${file} is of a training with other pictures, captions or settings, or of another model.`,
      'Give what it was begun with, or begin anew with --restart.',
    );
  }
  const read = async (name: (typeof tensors)[number]): Promise<Float32Array> => {
    const tensor = header.tensors.get(name);
    if (tensor?.dtype !== 'F32' || tensor.shape[0] !== length) throw damaged(`its ${name} do not fit`);
    const bytes = await readTensorBytes(header.file, tensor);
    return new Float32Array(bytes.buffer, 0, length);
  };
  const { step, losses } = told.data;
  return {
    step,
    losses,
    parameters: await read('parameters'),
    first: await read('first'),
    second: await read('second'),
  };
}
