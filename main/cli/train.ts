import { stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../preload/contract/index.ts';
import { EMBEDDED_CARD } from '../../native-models/embedded/card.ts';
import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import { locateInstallation } from '../hosting/installation.ts';
import { operatorThreads } from '../inference/devices/probe-devices.ts';
import { launchNode } from '../inference/host/launch-node.ts';
import { usableMemory } from '../inference/sessions/usable-memory.ts';
import { type PictureFolder, readPictures } from '../training/read-pictures.ts';
import { runTraining, type TrainingListeners } from '../training/run-training.ts';
import type { TrainingJob, TrainingPlan, TrainingResult } from '../training/training-job.ts';
import { checkWritable } from './output-file.ts';
import { createStatusLine } from './status-line.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto train`, parsed but not yet checked against a model. */
export interface TrainFlags {
  pictures: string;
  out: string;
  model?: string;
  trigger?: string;
  rank: number;
  steps: number;
  batch: number;
  rate?: number;
  size?: number;
  layers?: 'transformers' | 'all';
  minSnr?: number;
  seed: number;
  memory?: number;
  every: number;
  resume: boolean;
  restart: boolean;
  plan: boolean;
  json: boolean;
}

/** Sides of pictures of models other than the embedded one are multiples of this. */
const MULTIPLE = 64;
const GiB = 2 ** 30;

/**
 * Trains a LoRA and writes it to `flags.out`, or only says what that takes.
 *
 * @throws StudioError when it cannot be; what was done so far then lies in a checkpoint beside it.
 */
export async function trainLora(flags: TrainFlags, signal: AbortSignal): Promise<Outcome> {
  const out = path.resolve(flags.out);
  if (path.extname(out) !== '.safetensors') {
    throw new StudioError(
      'cli/out-not-safetensors',
      `${flags.out} does not end in .safetensors. Nothing was started.`,
      'LoRAs are written as .safetensors.',
    );
  }
  await checkWritable(out);
  const checkpoint = `${out.slice(0, -'.safetensors'.length)}.training`;
  if (!flags.plan) await decideCheckpoint(flags, checkpoint);
  const { entries, embeddedModel } = locateInstallation();
  const embedded = flags.model === undefined;
  const modelPath = embedded ? embeddedModel : path.resolve(flags.model ?? '');
  const { family, predictionType } = await openCheckpoint(modelPath);
  const size = flags.size ?? (embedded ? EMBEDDED_CARD.nativeSize : family === 'sdxl' ? 1024 : 512);
  const trigger = flags.trigger?.trim() || null;
  const folder = await readPictures(flags.pictures, size, MULTIPLE, trigger);
  for (const { name, reason } of folder.skipped) process.stderr.write(`Skipped ${name}: ${reason}.\n`);
  if (folder.uncaptioned > 0) {
    const stand = trigger === null ? 'no words' : `"${trigger}" alone`;
    process.stderr.write(
      `${folder.uncaptioned} of ${folder.pictures.length} pictures have no .txt beside them and stand for ${stand}.\n`,
    );
  }
  const job: TrainingJob = {
    modelPath,
    pictures: folder.pictures,
    settings: {
      rank: flags.rank,
      steps: flags.steps,
      batch: flags.batch,
      rate: flags.rate ?? (embedded ? 1e-3 : 1e-4),
      layers: flags.layers ?? (embedded ? 'all' : 'transformers'),
      // Of a model that predicts v it would take away most of what is learnt at high noise: colours and composition.
      minSnr: flags.minSnr ?? (predictionType === 'epsilon' ? 5 : 0),
      seed: flags.seed,
      threads: operatorThreads(),
    },
    files: { out, checkpoint, every: flags.every },
    trigger,
    memory: flags.memory === undefined ? usableMemory() / 2 : flags.memory * GiB,
    planOnly: flags.plan,
    resume: flags.resume,
  };
  const line = createStatusLine(process.stderr);
  try {
    const result = await runTraining(launchNode(entries), job, listeners(line, flags.plan), signal);
    return outcome(flags, folder, job, result);
  } finally {
    line.end();
  }
}

/** Nobody's unfinished training is written over unasked. */
async function decideCheckpoint({ resume, restart, out }: TrainFlags, file: string): Promise<void> {
  const there = (await stat(file).catch(() => null)) !== null;
  if (resume && !there) {
    throw new StudioError(
      'training/no-checkpoint',
      `There is nothing to go on from: no ${file}.`,
      'Leave --resume away to begin.',
    );
  }
  if (!there || resume) return;
  if (restart) {
    await unlink(file);
    return;
  }
  throw new StudioError(
    'training/unfinished',
    `A training for ${out} was stopped before its end (${file}).`,
    'Go on with --resume, or begin anew with --restart.',
  );
}

function listeners(line: ReturnType<typeof createStatusLine>, planOnly: boolean): TrainingListeners {
  return {
    stage: (done, of) => line.update(`preparing ${done}/${of}`),
    plan: (plan) => {
      if (!planOnly) line.say(describePlan(plan));
    },
    progress: ({ step, steps, loss, secondsLeft }) =>
      line.update(`training ${step}/${steps}, loss ${loss.toFixed(4)}, ${duration(secondsLeft)} left`),
    recovered: (cause) =>
      line.say(`The process that trained is gone: ${cause}. Going on from its last checkpoint.`),
  };
}

function outcome(
  flags: TrainFlags,
  folder: PictureFolder,
  job: TrainingJob,
  result: TrainingResult,
): Outcome {
  const { plan, steps, loss, secondsPerStep, peakRss } = result;
  const json = {
    ...(flags.plan ? {} : { file: flags.out, steps, loss, secondsPerStep, peakBytes: peakRss }),
    plan,
    settings: job.settings,
    pictures: folder.pictures.length,
    skipped: folder.skipped,
  };
  if (flags.plan) return { text: `${describePlan(plan)}\nNothing was started.`, json };
  const call = job.trigger === null ? '' : `; "${job.trigger}" calls it`;
  return {
    text: `${flags.out}: ${steps} steps over ${folder.pictures.length} pictures, rank ${flags.rank}, loss ${loss.toFixed(4)}, ${secondsPerStep.toFixed(2)} s a step, ${gigabytes(peakRss)} at most${call}`,
    json,
  };
}

function describePlan(plan: TrainingPlan): string {
  const sizes = plan.buckets
    .map(({ width, height, pictures }) => `${pictures} of ${width} × ${height}`)
    .join(', ');
  const how = plan.recomputes ? ', computing inner values twice to hold less' : '';
  return [
    `Pictures  ${sizes}`,
    `Learns    ${plan.parameters.toLocaleString('en')} numbers in ${plan.layers} layers`,
    `Memory    ${gigabytes(plan.held)} a step${how}, and ${gigabytes(plan.mapped)} of the model's file`,
    `Time      about ${duration(plan.seconds)} on this processor`,
  ].join('\n');
}

function gigabytes(bytes: number): string {
  return `${(bytes / GiB).toFixed(2)} GiB`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
