import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { ModelError } from '../../../native-models/errors.ts';
import { measureOverallError, type RunOnce } from '../../../native-models/quantise/measure-error.ts';
import { type QuantisedLinears, quantiseLinears } from '../../../native-models/quantise/quantise-linears.ts';
import type { QuantScheme } from '../../../native-models/quantise/scheme.ts';
import { InferenceError } from '../errors.ts';
import type { ComputeSettings, GenerateJob, UsedLinear } from '../protocol.ts';
import { graphTarget } from '../sessions/graph-target.ts';
import { planMemory, shortOfMemory } from '../sessions/memory-plan.ts';
import { createNetwork } from '../sessions/network.ts';
import { usableMemory } from '../sessions/usable-memory.ts';
import type { LatentShape } from './latent-scale.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';
import type { TextShape } from './text-shape.ts';

/** Linear layers in fewer bits, and what that costs. */
export interface LinearsInUse extends UsedLinear {
  readonly stored: QuantisedLinears;
}

const NAMES: Readonly<Record<QuantScheme, string>> = { int8: '8 bits', int4: '4 bits' };

/**
 * The linear layers of a job's denoiser where they are not to be the file's own: those that the job asks for, or, where
 * memory is short, the first of its reserve that is near enough to fp32 here. Stored and measured on first use.
 *
 * @param notes told when memory decided
 * @param usable bytes of main memory
 * @throws ModelError for a model that has no weights of its own; InferenceError `inference/job-invalid`
 */
export async function linearsFor(
  job: GenerateJob,
  model: OpenedModel,
  shape: LatentShape,
  text: TextShape,
  notes: Set<string>,
  usable = usableMemory(),
): Promise<LinearsInUse | undefined> {
  const { linear } = job.compute;
  if (linear !== undefined) {
    if (model.checkpoint.unet.graphs !== undefined) throw exportStaysAsItIs();
    return openLinears(job, model, linear);
  }
  const reserve = job.fewerBits?.reserve ?? [];
  if (reserve.length === 0 || model.checkpoint.unet.graphs !== undefined) return undefined;
  const shortage = shortOfMemory(planUnet(job.compute, model, shape, text), usable);
  if (shortage === undefined) return undefined;
  for (const { scheme, bar } of reserve) {
    const linears = await openLinears(job, model, scheme);
    if (linears.error > bar) continue;
    notes.add(
      `Memory is short (${shortage}): linear layers ran in ${NAMES[scheme]}, ${(linears.error * 100).toFixed(2)} % off fp32.`,
    );
    return linears;
  }
  return undefined;
}

function planUnet(
  compute: ComputeSettings,
  { checkpoint: { unet } }: OpenedModel,
  { height, width }: LatentShape,
  { batch, tokens }: TextShape,
) {
  const built = buildUnet(unet, { batch, height, width, contextTokens: tokens, ...graphTarget(compute) });
  return planMemory(built, { weightBytes: weightBytes(unet.weights) });
}

async function openLinears(job: GenerateJob, model: OpenedModel, scheme: QuantScheme): Promise<LinearsInUse> {
  if (job.fewerBits === undefined) {
    throw new InferenceError(
      'inference/job-invalid',
      `The job asks for ${NAMES[scheme]} and does not say where they are kept.`,
      'Start the job from its beginning.',
    );
  }
  const { unet } = model.checkpoint;
  const { folder, source, budget } = job.fewerBits;
  const request = { weights: unet.weights, scheme, source, component: 'unet', folder, budget };
  const stored = await quantiseLinears(request);
  const bytes = weightBytes(unet.weights);
  const runOnce: RunOnce = async (built, inputs) => {
    const network = await createNetwork(
      'UNet',
      built,
      bytes,
      { ...job.compute, provider: 'cpu', precision: 'fp32' },
      () => {},
    );
    try {
      const feeds = Object.entries(inputs).map(([name, data]) => [name, { data }] as const);
      return (await network.run(Object.fromEntries(feeds))).get('out_sample') ?? new Float32Array();
    } finally {
      await network.release();
    }
  };
  const { overall } = await measureOverallError(unet, stored, runOnce);
  return { scheme, error: overall ?? Infinity, stored };
}

function exportStaysAsItIs(): ModelError {
  return new ModelError(
    'family-unsupported',
    'An ONNX export stays in the bits that it was exported in.',
    'Choose automatic precision, or use the .safetensors version of this model.',
  );
}
