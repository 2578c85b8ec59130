import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { adapterFamily } from '../../native-models/adapters/adapter-family.ts';
import { adapterMetadata } from '../../native-models/adapters/adapter-metadata.ts';
import { adapterFileIn, adapterName, openAdapterFile } from '../../native-models/adapters/adapter-source.ts';
import { type SplitKey, splitKey, UNKNOWN_NAME } from '../../native-models/adapters/split-key.ts';
import { readTextualInversion } from '../../native-models/adapters/textual-inversion.ts';
import type { Checkpoint } from '../../native-models/checkpoints/checkpoint.ts';
import { fixedSize } from '../../native-models/checkpoints/open-onnx-folder.ts';
import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import { openControlnet } from '../../native-models/checkpoints/open-controlnet.ts';
import { openVae } from '../../native-models/checkpoints/open-vae.ts';
import { ModelError } from '../../native-models/errors.ts';
import { checkpointCard } from './checkpoint-card.ts';

/** What a model file is, for a person and for a list. */
export interface FileDescription {
  readonly kind: 'checkpoint' | 'adapter' | 'embedding' | 'controlnet' | 'vae';
  readonly path: string;
  /** What it says it is called, else the file's name. */
  readonly name: string;
  /** Such as SD1.5 or SDXL; null when it cannot be told. */
  readonly family: string | null;
  readonly bytes: number;
  /** Words that call what an adapter or embedding was trained on. */
  readonly triggerWords: readonly string[];
  /** One sentence a line. */
  readonly details: readonly string[];
}

/**
 * Says what any model or adapter is, from headers and settings alone.
 *
 * @param path a `.safetensors` file, a diffusers folder, or a folder that PEFT or diffusers saved a LoRA as
 * @throws ModelError when it cannot be read, or is of a kind that Impasto has no use for; the error names the kind.
 */
export async function describeFile(path: string): Promise<FileDescription> {
  const adapter = await adapterFileIn(path);
  try {
    return describeCheckpoint(await openCheckpoint(adapter));
  } catch (error) {
    const other =
      error instanceof ModelError && OTHER_KIND.has(error.code) ? await describeOther(adapter) : null;
    if (other !== null) return other;
    throw error;
  }
}

/** How a checkpoint's reader says that a file is whole but something else. */
const OTHER_KIND: ReadonlySet<string> = new Set([
  'family-unsupported',
  'family-unknown',
  'config-invalid',
  'file-missing',
]);

function describeCheckpoint(checkpoint: Checkpoint): FileDescription {
  const card = checkpointCard('', checkpoint);
  const { nativeWidth, nativeHeight, sizeMultiple } = card;
  return {
    kind: 'checkpoint',
    path: checkpoint.path,
    name: card.name,
    family: card.family,
    bytes: card.bytes,
    triggerWords: [],
    details: [
      card.about,
      isFixed(checkpoint)
        ? `Makes pictures of ${nativeWidth} × ${nativeHeight} px only.`
        : `Made for ${nativeWidth} × ${nativeHeight} px; sizes are multiples of ${sizeMultiple}.`,
      storage(checkpoint),
    ],
  };
}

/** Whether an export fixes the size of its pictures. */
function isFixed(checkpoint: Checkpoint): boolean {
  return Object.keys(fixedSize(checkpoint, 1)).length > 0;
}

function storage({ unet }: Checkpoint): string {
  const graph = unet.graphs?.unet;
  if (graph === undefined)
    return `Weights are ${dtypes([...unet.weights.entries()].map(([, tensor]) => tensor.dtype))}.`;
  const timestep = graph.inputs.get('timestep');
  const rank = timestep?.shape.length === 0 ? 'a scalar' : 'a list';
  return `Its UNet takes ${graph.inputs.get('sample')?.dtype ?? '?'} latents and the time step as ${rank} of ${timestep?.dtype ?? '?'}.`;
}

/** Whatever is not a checkpoint; null when it is nothing of use. */
async function describeOther(path: string): Promise<FileDescription | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  const bytes = found.isFile() ? found.size : 0;
  const plain = { path, name: nameOf(path), bytes, triggerWords: [] };
  if (found.isFile()) {
    const described = (await describeAdapter(path, bytes)) ?? (await describeEmbedding(path, bytes));
    if (described !== null) return described;
  }
  const control = await openControlnet(path).catch(expected);
  if (control !== null) {
    const { config, files } = control;
    const family = config.addedConditions === undefined ? 'SD1.5' : 'SDXL';
    const details = [`A ControlNet whose hint has ${config.hintChannels} channels.`];
    return { ...plain, kind: 'controlnet', family, bytes: sum(files.map((file) => file.bytes)), details };
  }
  const vae = await openVae(path, 1).catch(expected);
  if (vae === null) return null;
  const { latentChannels, channels } = vae.config;
  const details = [
    `An autoencoder with ${latentChannels} latent channels and factor ${2 ** (channels.length - 1)}.`,
  ];
  return { ...plain, kind: 'vae', family: null, details };
}

async function describeAdapter(path: string, bytes: number): Promise<FileDescription | null> {
  const source = await openAdapterFile(path);
  const splits = [...source.tensors.keys()].map(splitKey);
  refuseUnread(path, splits);
  const parts = splits.flatMap((split) => {
    // A bare `.weight` is what any network has; only (IA)³ files hold nothing else.
    return 'part' in split && split.part !== 'ia3' ? [split] : [];
  });
  if (parts.length * 2 < source.tensors.size || parts.length === 0) return null;
  const { title, triggerWords, baseModel, author } = adapterMetadata(source);
  const layers = new Set(parts.map((split) => split.module)).size;
  return {
    kind: 'adapter',
    path,
    name: title ?? adapterName(path),
    family: adapterFamily(source),
    bytes,
    triggerWords,
    details: [
      `${adapterKind(new Set(parts.map((split) => split.part)))} on ${layers} ${layers === 1 ? 'layer' : 'layers'}.`,
      ...(baseModel === null ? [] : [`Trained on ${baseModel}.`]),
      ...(author === null ? [] : [`By ${author}.`]),
    ],
  };
}

/** @throws ModelError `adapter-unsupported` for a kind of adapter that is known and of which nothing is read. */
function refuseUnread(path: string, splits: readonly SplitKey[]): void {
  const reads = splits.some((split) => 'part' in split && !['alpha', 'scalar', 'ia3'].includes(split.part));
  const unread = splits.find((split) => 'reason' in split && split.reason !== UNKNOWN_NAME);
  if (reads || unread === undefined || !('reason' in unread)) return;
  throw new ModelError(
    'adapter-unsupported',
    `${basename(path)} changes nothing here: ${unread.reason}.`,
    'Use a LoRA, LoCon, LoHa, LoKr or DoRA of the same subject.',
  );
}

function adapterKind(parts: ReadonlySet<string>): string {
  const has = (start: string): boolean => [...parts].some((part) => part.startsWith(start));
  const base = has('hada') ? 'A LoHa' : has('lokr') ? 'A LoKr' : has('down') ? 'A LoRA' : 'A full difference';
  return has('dora') ? `${base} with DoRA norms` : base;
}

async function describeEmbedding(path: string, bytes: number): Promise<FileDescription | null> {
  const source = await openAdapterFile(path);
  if (source.tensors.size > 4) return null;
  const read = await readTextualInversion(source).catch(expected);
  if (read === null) return null;
  const word = read.token ?? nameOf(path);
  const details = [`A textual inversion of ${read.length} ${read.length === 1 ? 'vector' : 'vectors'}.`];
  const family = read.family === 'other' ? null : read.family;
  return { kind: 'embedding', path, name: nameOf(path), family, bytes, triggerWords: [word], details };
}

function nameOf(path: string): string {
  return basename(path, extname(path));
}

function dtypes(all: readonly string[]): string {
  return [...new Set(all)].toSorted().join(' and ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A file that is not of a kind is no failure; anything unforeseen is. */
function expected(error: unknown): null {
  if (error instanceof ModelError) return null;
  throw error;
}
