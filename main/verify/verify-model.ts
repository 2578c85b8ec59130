import { join } from 'node:path';
import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import { measureOverallError, type RunOnce } from '../../native-models/quantise/measure-error.ts';
import { quantiseLinears } from '../../native-models/quantise/quantise-linears.ts';
import type { QuantScheme } from '../../native-models/quantise/scheme.ts';
import type { InferenceHost } from '../inference/host/inference-host.ts';
import type {
  ComputeSettings,
  GenerateJob,
  GenerateResult,
  Precision,
  Provider,
} from '../inference/protocol.ts';
import type { LibraryModel } from '../models/model-library.ts';
import { type ComputeForm, failed, judge, type ModelVerdict } from './model-verdict.ts';
import { outputOf, REFERENCE_COMPUTE, runNetwork } from './run-network.ts';
import { relativeError } from './verify-row.ts';

/** About the size of the pictures that are compared, in pixels: small, so that large models are judged in minutes. */
const EDGE = 256;
const PRECISIONS: readonly Precision[] = ['fp32', 'fp16'];
const SCHEMES: readonly QuantScheme[] = ['int8', 'int4'];

/** What verifying a model needs. */
export interface VerifyModelOptions {
  readonly host: Pick<InferenceHost, 'run'>;
  /** Devices that answered known numbers rightly; the processor is always judged too. */
  readonly providers: readonly Provider[];
  /** Where denoisers in fewer bits are kept. */
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
}

/**
 * Computes a short picture of a model in every form that this machine has and holds each against the processor in
 * fp32: the picture's last latent on each device and precision, and one evaluation of the denoiser in 8 and in 4 bits.
 * The processor in fp32 comes first, run twice: the same job must give the same bits.
 *
 * @throws InferenceError or ModelError when the processor cannot compute the model: then there is nothing to compare.
 */
export async function* verifyModel(
  model: LibraryModel,
  { host, providers, cacheFolder, signal }: VerifyModelOptions,
): AsyncGenerator<ModelVerdict> {
  const run = (compute: ComputeSettings): Promise<GenerateResult> =>
    host.run(shortJob(model, compute), {}, signal);
  const expected = await run(REFERENCE_COMPUTE);
  for (const provider of new Set<Provider>(['cpu', ...providers])) {
    for (const precision of PRECISIONS) {
      yield await judgeDevice({ provider, precision, linear: null }, run, expected);
    }
  }
  for (const linear of SCHEMES) yield await judgeQuantised(model, linear, cacheFolder, signal);
}

/** Four steps from a fixed seed, guided, at the model's own proportions. */
function shortJob({ card, kind, path }: LibraryModel, compute: ComputeSettings): GenerateJob {
  const edge = Math.ceil(EDGE / card.sizeMultiple) * card.sizeMultiple;
  return {
    model: { kind, path },
    prompt: 'a house beside a lake, watercolor',
    negative: 'blurry',
    sampler: { id: 'ddim' },
    steps: 4,
    guidance: 4,
    seed: 1,
    noise: 'philox',
    width: edge,
    height: edge,
    init: null,
    adapters: [],
    previewEvery: 0,
    compute,
    resume: null,
  };
}

async function judgeDevice(
  form: ComputeForm,
  run: (compute: ComputeSettings) => Promise<GenerateResult>,
  expected: GenerateResult,
): Promise<ModelVerdict> {
  const { provider, precision } = form;
  try {
    const result = await run({ ...REFERENCE_COMPUTE, provider, precision });
    const elsewhere = Object.entries(result.providers).filter(([, used]) => used !== provider);
    if (elsewhere.length > 0) {
      const names = elsewhere.map(([network, used]) => `the ${network} ran on ${used}`).join(', ');
      return failed(form, `${provider} could not take all of it: ${names}`);
    }
    const error = relativeError(result.latent, expected.latent);
    const shown = `latent of 4 steps at ${result.width} px; bytes of the picture differ by ${largest(result, expected)} at most`;
    const same = provider === 'cpu' && precision === 'fp32';
    if (same && error > 0) return failed(form, 'the same job gave other bits the second time');
    return judge(form, error, shown);
  } catch (error) {
    if (isCancel(error)) throw error;
    return failed(form, messageOf(error));
  }
}

/** Largest difference of two pictures in levels of 255. */
function largest({ rgba }: GenerateResult, expected: GenerateResult): number {
  return rgba.reduce((most, byte, i) => Math.max(most, Math.abs(byte - (expected.rgba[i] ?? 0))), 0);
}

async function judgeQuantised(
  model: LibraryModel,
  scheme: QuantScheme,
  cacheFolder: string,
  signal: AbortSignal,
): Promise<ModelVerdict> {
  const form: ComputeForm = { provider: 'cpu', precision: 'fp32', linear: scheme };
  try {
    const { unet } = await openCheckpoint(model.path);
    const folder = join(cacheFolder, 'quantised');
    const source = await model.sha256();
    const request = { weights: unet.weights, scheme, source, component: 'unet', folder, signal };
    const quantised = await quantiseLinears(request);
    const runOnce: RunOnce = async (built, inputs) => {
      signal.throwIfAborted();
      const feeds = Object.entries(inputs).map(([name, data]) => {
        const shape = (built.inputs.get(name)?.shape ?? []).map(Number);
        return [name, { shape, data }] as const;
      });
      return outputOf(await runNetwork(built, unet.weights, Object.fromEntries(feeds)), 'out_sample');
    };
    const { overall } = await measureOverallError(unet, quantised, runOnce);
    const megabytes = (quantised.bytes / 1e6).toFixed(0);
    return judge(
      form,
      overall ?? Infinity,
      `one evaluation of the denoiser; ${megabytes} MB of linear layers`,
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return failed(form, messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isCancel(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'inference/cancelled';
}
