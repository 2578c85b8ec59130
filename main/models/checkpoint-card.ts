import { basename } from 'node:path';
import type { Checkpoint, ModelFamily } from '../../native-models/checkpoints/checkpoint.ts';
import { fewSteps } from './few-step-settings.ts';
import { fixedSize } from '../../native-models/checkpoints/open-onnx-folder.ts';
import type { ModelCard } from '../../preload/contract/index.ts';

/** Names of families as artists write them. */
export const FAMILY_NAMES: Readonly<Record<ModelFamily, string>> = { sd1: 'SD1.5', sd2: 'SD2', sdxl: 'SDXL' };

/** What the library tells about a checkpoint that the user opened. */
export function checkpointCard(id: string, checkpoint: Checkpoint): ModelCard {
  const edge = nativeEdge(checkpoint);
  const { width = edge, height = edge } = fixedSize(checkpoint, pixelsPerCell(checkpoint));
  const family = FAMILY_NAMES[checkpoint.family];
  return {
    id,
    name: modelName(checkpoint),
    family,
    bytes: checkpoint.files.reduce((sum, file) => sum + file.bytes, 0),
    embedded: false,
    about: about(checkpoint, family),
    nativeWidth: width,
    nativeHeight: height,
    sizeMultiple: sizeMultiple(checkpoint),
    defaults: fewSteps(checkpoint)?.defaults ?? { sampler: 'ddim', steps: 25, guidance: 7 },
    words: null,
    examples: [],
  };
}

function modelName(checkpoint: Checkpoint): string {
  const title = checkpoint.metadata.get('modelspec.title')?.trim();
  return (title === undefined || title === '' ? basename(checkpoint.path, '.safetensors') : title).slice(
    0,
    200,
  );
}

/** SD2's 768 px models are those that predict velocity. */
function nativeEdge({ family, predictionType }: Checkpoint): number {
  if (family === 'sdxl') return 1024;
  return family === 'sd2' && predictionType === 'v_prediction' ? 768 : 512;
}

/** The autoencoder halves per level but the last; the denoiser halves again as often as it has levels below the first. */
function sizeMultiple({ vae, unet }: Checkpoint): number {
  return pixelsPerCell({ vae }) * 2 ** (unet.config.down.length - 1);
}

function pixelsPerCell({ vae }: Pick<Checkpoint, 'vae'>): number {
  return vae === undefined ? 8 : 2 ** (vae.config.channels.length - 1);
}

function about(checkpoint: Checkpoint, family: string): string {
  const { inpainting, predictionType, missing, layout } = checkpoint;
  const few = fewSteps(checkpoint);
  const distilled = few === undefined ? '' : ` It is of the ${few.kind} kind: few steps, little guidance.`;
  const kind = inpainting ? 'inpainting model' : 'model';
  const prediction = predictionType === 'v_prediction' ? 'v-prediction' : 'epsilon';
  const lacking =
    missing.length === 0 ? '' : ` It lacks ${missing.join(' and ')}, without which it cannot paint.`;
  const how =
    layout === 'onnx'
      ? 'an ONNX export, run as it is: it takes no adapters, ControlNets or textual inversions'
      : 'read from its file as it is';
  return `An ${family} ${kind} (${prediction}) of your own, ${how}.${distilled}${lacking}`;
}
