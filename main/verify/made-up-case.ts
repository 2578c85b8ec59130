import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Checkpoint } from '../../native-models/checkpoints/checkpoint.ts';
import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import {
  type MadeUpModel,
  madeUpModelSchema,
  writeDiffusersFolder,
  writeSingleFile,
} from './made-up-model.ts';
import { parseReference, readReferenceJson } from './read-reference-json.ts';
import { openVectors, type Vectors } from './read-vectors.ts';

const settingsSchema = z.object({
  prompt: z.string().default(''),
  negative: z.string().default(''),
  guidance: z.number().default(7.5),
  steps: z.number().int().default(20),
  sampler: z.string().default('ddim'),
  sampler_config: z.record(z.string(), z.unknown()).default({}),
  lora: z.object({ rank: z.number(), alpha: z.number(), strength: z.number() }).optional(),
  control_scale: z.number().default(1),
});

/** A made-up model in one layout, written to a temporary place and opened as a user's own would be. */
export interface MadeUpCase {
  readonly name: string;
  readonly layout: 'single file' | 'diffusers';
  readonly model: MadeUpModel;
  readonly checkpoint: Checkpoint;
  /** The model's file or folder. */
  readonly path: string;
  /** A folder for further files of the case. */
  readonly scratch: string;
  readonly vectors: Vectors;
  readonly settings: z.infer<typeof settingsSchema>;
  /** `NAME-lora.json`, when the reference has one. */
  readonly loraFile: string | null;
  readonly dispose: () => Promise<void>;
}

/**
 * Writes and opens the model `NAME.json` of a reference folder.
 *
 * @throws ModelError or StudioError when the reference or what was written from it cannot be opened.
 */
export async function openMadeUpCase(
  folder: string,
  name: string,
  layout: MadeUpCase['layout'],
): Promise<MadeUpCase> {
  const model = await readReferenceJson(join(folder, `${name}.json`), madeUpModelSchema);
  const vectors = await openVectors(join(folder, `${name}-vectors.safetensors`));
  const settings = parseReference(
    vectors.metadata.get('case') ?? '{}',
    `The case in ${name}-vectors.safetensors`,
    settingsSchema,
  );
  const scratch = await mkdtemp(join(tmpdir(), 'impasto-verify-'));
  const dispose = (): Promise<void> => rm(scratch, { recursive: true, force: true });
  try {
    const path = join(scratch, layout === 'diffusers' ? 'model' : 'model.safetensors');
    if (layout === 'diffusers') await writeDiffusersFolder(model, path);
    else await writeSingleFile(model, path);
    const checkpoint = await openCheckpoint(path);
    const lora = join(folder, `${name}-lora.json`);
    const loraFile = existsSync(lora) ? lora : null;
    return { name, layout, model, checkpoint, path, scratch, vectors, settings, loraFile, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
