import { createHash } from 'node:crypto';
import path from 'node:path';
import { encodeLora, type LoraPair } from '../../native-models/adapters/encode-lora.ts';
import { listAdapterSites } from '../../native-models/architectures/adapter-sites.ts';
import type { OpenedModel } from '../inference/stages/opened-model.ts';
import { ADAMW_DEFAULTS } from './adamw.ts';
import type { TrainedMatrix } from './trained-matrices.ts';
import type { TrainingJob } from './training-job.ts';

const baseVersions = { sd1: 'sd_v1', sd2: 'sd_v2', sdxl: 'sdxl_base_v1-0' } as const;
const architectures = {
  sd1: 'stable-diffusion-v1',
  sd2: 'stable-diffusion-v2-512',
  sdxl: 'stable-diffusion-xl-v1-base',
} as const;

/** The LoRA file of a training: kohya's layout, with the metadata that other programs show (`ss_*`, ModelSpec 1.0). */
export function loraFile(
  job: TrainingJob,
  { checkpoint }: OpenedModel,
  matrices: readonly TrainedMatrix[],
  parameters: Float32Array,
  steps: number,
): Uint8Array[] {
  const modules = listAdapterSites(checkpoint.unet.weights).map(({ name }) => name);
  const sdxl = checkpoint.family === 'sdxl';
  return encodeLora(
    pairsOf(matrices, parameters, job.settings.rank),
    sdxl,
    modules,
    metadataOf(job, checkpoint, steps),
  );
}

/** The matrices as the file has them: those of linear layers are transposed in the graph. */
function pairsOf(matrices: readonly TrainedMatrix[], parameters: Float32Array, rank: number): LoraPair[] {
  const stored = ({ site, shape, from, to }: TrainedMatrix): LoraPair['down'] => {
    const values = parameters.slice(from, to);
    if (site.kind === 'conv') return { shape, values };
    const [rows = 1, columns = 1] = shape;
    const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
    return { shape: [columns, rows], values: turned };
  };
  const downs = matrices.filter(({ part }) => part === 'a');
  const ups = new Map(
    matrices.filter(({ part }) => part === 'b').map((matrix) => [matrix.site.name, matrix]),
  );
  return downs.map((down) => {
    const up = ups.get(down.site.name);
    if (up === undefined) throw new RangeError(`${down.site.name} has no second matrix of rank ${rank}`);
    return { site: down.site.name, down: stored(down), up: stored(up) };
  });
}

function metadataOf(
  { settings, pictures, trigger, modelPath, files }: TrainingJob,
  { family, predictionType }: OpenedModel['checkpoint'],
  steps: number,
): Record<string, string> {
  const name = path.basename(files.out, path.extname(files.out));
  const sizes = pictures.map(({ image }) => `${image.width}x${image.height}`);
  const captions = countBy(pictures.map(({ caption }) => caption));
  return {
    format: 'pt',
    ss_output_name: name,
    ss_network_module: 'networks.lora',
    ss_network_dim: `${settings.rank}`,
    ss_network_alpha: `${settings.rank}`,
    ...(settings.layers === 'all'
      ? { ss_network_args: JSON.stringify({ conv_dim: `${settings.rank}`, conv_alpha: `${settings.rank}` }) }
      : {}),
    ss_base_model_version: baseVersions[family],
    ss_sd_model_name: path.basename(modelPath),
    ss_v2: family === 'sd2' ? 'True' : 'False',
    ss_zero_terminal_snr: 'False',
    ss_learning_rate: `${settings.rate}`,
    ss_unet_lr: `${settings.rate}`,
    ss_lr_scheduler: 'cosine',
    ss_optimizer: `AdamW(weight_decay=${ADAMW_DEFAULTS.weightDecay})`,
    ss_min_snr_gamma: settings.minSnr > 0 ? `${settings.minSnr}` : 'None',
    ss_max_train_steps: `${settings.steps}`,
    ss_steps: `${steps}`,
    ss_batch_size_per_device: '1',
    ss_gradient_accumulation_steps: `${settings.batch}`,
    ss_seed: `${settings.seed}`,
    ss_num_train_images: `${pictures.length}`,
    ss_resolution: [...new Set(sizes)].join(' '),
    ss_tag_frequency: JSON.stringify({ pictures: captions }),
    ...(trigger === null ? {} : { 'modelspec.trigger_phrase': trigger }),
    'modelspec.sai_model_spec': '1.0.0',
    'modelspec.architecture': `${architectures[family]}/lora`,
    'modelspec.title': name,
    'modelspec.prediction_type': predictionType === 'v_prediction' ? 'v' : predictionType,
  };
}

/** How often each tag, what stands between commas, is in the captions. */
function countBy(captions: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const tag of captions.flatMap((caption) => caption.split(',')).map((text) => text.trim())) {
    if (tag !== '') counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** What must be the same for a training to go on: model, pictures, captions, and every setting. */
export function trainingFingerprint(job: TrainingJob, model: OpenedModel): string {
  const hash = createHash('sha256').update(JSON.stringify([model.identity, job.settings, job.trigger]));
  for (const { caption, image } of job.pictures) {
    hash.update(JSON.stringify([caption, image.width, image.height])).update(image.rgba);
  }
  return hash.digest('hex');
}
