import { fixedSize } from '../../../native-models/checkpoints/open-onnx-folder.ts';
import { InferenceError } from '../errors.ts';
import type { GenerateJob, JobChange, Mask, Provider, RgbaImage } from '../protocol.ts';
import type { OpenedModel } from '../stages/opened-model.ts';

/** Largest edge of a picture in pixels. */
const MAX_EDGE = 4096;
/** Largest prompt in characters; the tokenizer sets its own limit in tokens. */
const MAX_PROMPT = 20_000;

const PROVIDERS: Record<Provider, true> = {
  cuda: true,
  tensorrt: true,
  dml: true,
  coreml: true,
  webgpu: true,
  cpu: true,
};

function refuse(message: string, remedy: string): never {
  throw new InferenceError('inference/job-invalid', message, remedy);
}

function within(what: string, value: number, least: number, most: number, whole: boolean): void {
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return;
  const kind = whole ? 'a whole number' : 'a number';
  refuse(`${what} is ${value}; it must be ${kind} from ${least} to ${most}.`, `Choose another ${what}.`);
}

/**
 * Everything about a job that can be judged before a file is opened.
 *
 * @throws InferenceError naming the number that did not fit.
 */
export function validateJob(job: GenerateJob): void {
  validateSize(job.width, job.height);
  validatePrompt('prompt', job.prompt);
  validatePrompt('negative prompt', job.negative);
  within('steps', job.steps, 1, 1000, true);
  within('guidance', job.guidance, 0, 100, false);
  within('guidance rescale', job.guidanceRescale ?? 0, 0, 1, false);
  within('reuse of outputs', job.reuseOutputs ?? 0, 0, 1, false);
  const { start, end } = job.guidanceInterval ?? { start: 0, end: 1 };
  within('start of guidance', start, 0, 1, false);
  within('end of guidance', end, 0, 1, false);
  if (job.clipSkip !== undefined) within('clip skip', job.clipSkip, 1, 12, true);
  within('seed', job.seed, 0, Number.MAX_SAFE_INTEGER, true);
  within('threads', job.compute.threads, 1, 256, true);
  within('previewEvery', job.previewEvery, 0, 1000, true);
  if (job.sampler.eta !== undefined) within('eta', job.sampler.eta, 0, 1, false);
  for (const { strength, region } of job.adapters) {
    within('adapter strength', strength, -100, 100, false);
    if (region) validateMask('region of an adapter', region, job);
  }
  for (const { prompt, mask, weight = 1 } of job.regions ?? []) {
    validatePrompt('prompt of a region', prompt);
    within('weight of a region', weight, 0, 10, false);
    validateMask('mask of a region', mask, job);
  }
  if (!Object.hasOwn(PROVIDERS, job.compute.provider)) {
    refuse(`There is no provider called "${job.compute.provider}".`, 'Choose cpu.');
  }
  if (!['philox', 'torch-cpu'].includes(job.noise)) {
    refuse(`There is no noise called "${job.noise}".`, 'Choose philox or torch-cpu.');
  }
  if (job.init !== null) {
    within('strength', job.init.strength, 0, 1, false);
    validateImage('picture to start from', job.init.image, job);
  }
  for (const { strength, image } of job.controls ?? []) {
    within('control strength', strength, 0, 10, false);
    validateImage('control picture', image, job);
  }
  for (const change of job.changes ?? []) validateChange(change, job);
  if (job.mix !== undefined) {
    validatePrompt('prompt to mix', job.mix.prompt);
    within('share of the mix', job.mix.share, 0, 1, false);
  }
  if (job.mask !== undefined) {
    validateMask('mask', job.mask, job);
    if (job.init === null) {
      refuse('There is a mask but no picture that it could mask.', 'Give the picture to start from too.');
    }
  }
}

function validateChange(change: JobChange, job: GenerateJob): void {
  within('step of a change', change.step, 0, 1000, true);
  within('steps', change.steps ?? 1, 1, 1000, true);
  within('guidance', change.guidance ?? 1, 0, 100, false);
  within('angle of the noise', change.noise?.theta ?? 0, 0, 90, false);
  validatePrompt('prompt', change.prompt ?? '');
  validatePrompt('negative prompt', change.negative ?? '');
  if (change.follow !== undefined)
    validateMask('mask outside which a run is followed', change.follow.mask, job);
  if (change.mask === undefined) return;
  validateMask('mask', change.mask, job);
  if (job.mask === undefined) {
    refuse('A mask comes in on the way of a run that has none.', 'Give the run a mask from its beginning.');
  }
}

function validateSize(width: number, height: number): void {
  for (const edge of [width, height]) {
    if (Number.isInteger(edge) && edge >= 1 && edge <= MAX_EDGE) continue;
    throw new InferenceError(
      'inference/size-unsupported',
      `A picture of ${width} × ${height} cannot be made: edges go from 1 to ${MAX_EDGE} pixels.`,
      'Choose another size.',
    );
  }
}

function validatePrompt(what: string, text: string): void {
  if (text.length <= MAX_PROMPT) return;
  throw new InferenceError(
    'inference/prompt-too-long',
    `The ${what} has ${text.length} characters; ${MAX_PROMPT} is the limit.`,
    'Shorten it.',
  );
}

function validateImage(what: string, image: RgbaImage, size: { width: number; height: number }): void {
  if (image.width !== size.width || image.height !== size.height) {
    refuse(
      `The ${what} is ${image.width} × ${image.height}, the job ${size.width} × ${size.height}.`,
      'Resample it to the size of the job.',
    );
  }
  if (image.rgba.byteLength !== image.width * image.height * 4) {
    refuse(
      `The ${what} has ${image.rgba.byteLength} bytes where ${image.width * image.height * 4} are needed.`,
      'Read it again.',
    );
  }
}

function validateMask(what: string, mask: Mask, job: GenerateJob): void {
  const { width, height, coverage } = mask;
  if (width === job.width && height === job.height && coverage.byteLength === width * height) return;
  refuse(
    `The ${what} is ${width} × ${height} with ${coverage.byteLength} bytes, the job ${job.width} × ${job.height}.`,
    'Make it as large as the picture, one byte a pixel.',
  );
}

/**
 * What can be judged once the model is known: that the size is made of its cells.
 *
 * @throws InferenceError `inference/size-unsupported`.
 */
export function validateForModel(job: GenerateJob, model: OpenedModel): void {
  const { cell } = model;
  validateForExport(job, model);
  if (job.width % cell === 0 && job.height % cell === 0) return;
  throw new InferenceError(
    'inference/size-unsupported',
    `${job.width} × ${job.height} cannot be made: this model's pictures are multiples of ${cell} pixels.`,
    `Choose ${roundTo(job.width, cell)} × ${roundTo(job.height, cell)}.`,
  );
}

/** An export may know one size only. */
function validateForExport({ width, height, regions = [] }: GenerateJob, model: OpenedModel): void {
  const { checkpoint, cell } = model;
  if (regions.length > 0 && checkpoint.unet.graphs !== undefined) {
    refuse(
      'An ONNX export has no inputs by which parts of the picture could have words of their own.',
      "Take the regions off, or use the model's .safetensors version.",
    );
  }
  const fixed = fixedSize(checkpoint, cell);
  const [wide, high] = [fixed.width ?? width, fixed.height ?? height];
  if (wide === width && high === height) return;
  throw new InferenceError(
    'inference/size-unsupported',
    `${width} × ${height} cannot be made: this ONNX export makes pictures of ${wide} × ${high} only.`,
    `Choose ${wide} × ${high}, or export the model again with free sizes.`,
  );
}

function roundTo(edge: number, multiple: number): number {
  return Math.max(1, Math.round(edge / multiple)) * multiple;
}
