import type { QuantScheme } from '../../native-models/quantise/scheme.ts';
import type { InferenceHost } from '../inference/host/inference-host.ts';
import type {
  ComputeSettings,
  FewerBits,
  GenerateJob,
  GenerateResult,
  Precision,
  Provider,
} from '../inference/protocol.ts';
import type { LibraryModel } from '../models/model-library.ts';
import { type ComputeForm, failed, judge, type ModelVerdict } from './model-verdict.ts';
import { REFERENCE_COMPUTE } from './run-network.ts';
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
  const source = await model.sha256();
  const run = (compute: ComputeSettings): Promise<GenerateResult> =>
    host.run(shortJob(model, compute, { folder: cacheFolder, source }), {}, signal);
  const expected = await run(REFERENCE_COMPUTE);
  for (const provider of new Set<Provider>(['cpu', ...providers])) {
    for (const precision of PRECISIONS) {
      yield await judgeDevice({ provider, precision, linear: null }, run, expected);
    }
  }
  for (const linear of SCHEMES)
    yield await judgeQuantised({ provider: 'cpu', precision: 'fp32', linear }, run);
}

/**
 * Judges one form of computing a model, as {@link verifyModel} does.
 *
 * @throws InferenceError or ModelError when the processor cannot compute the model, or the signal ends it.
 */
export async function judgeForm(
  model: LibraryModel,
  form: ComputeForm,
  { host, cacheFolder, signal }: Omit<VerifyModelOptions, 'providers'>,
): Promise<ModelVerdict> {
  const source = await model.sha256();
  const run = (compute: ComputeSettings): Promise<GenerateResult> =>
    host.run(shortJob(model, compute, { folder: cacheFolder, source }), {}, signal);
  const { linear } = form;
  if (linear !== null) return judgeQuantised({ ...form, linear }, run);
  return judgeDevice(form, run, await run(REFERENCE_COMPUTE));
}

/** Four steps from a fixed seed, guided, at the model's own proportions. */
function shortJob(
  { card, kind, path }: LibraryModel,
  compute: ComputeSettings,
  cache: Pick<FewerBits, 'folder' | 'source'>,
): GenerateJob {
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
    ...(compute.linear === undefined ? {} : { fewerBits: { ...cache, budget: Infinity, reserve: [] } }),
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

/** The worker stores the denoiser in fewer bits and measures it; a short picture shows that it runs. */
async function judgeQuantised(
  form: ComputeForm & { readonly linear: QuantScheme },
  run: (compute: ComputeSettings) => Promise<GenerateResult>,
): Promise<ModelVerdict> {
  const { provider, precision, linear } = form;
  try {
    const result = await run({ ...REFERENCE_COMPUTE, provider, precision, linear });
    const error = result.linear?.error ?? Infinity;
    return judge(
      form,
      error,
      `one evaluation of the denoiser in ${linear}; a picture of 4 steps was made with it`,
    );
  } catch (error) {
    if (isCancel(error)) throw error;
    return failed(form, messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isCancel(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'inference/cancelled';
}
