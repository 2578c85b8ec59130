import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Checkpoint } from '../../../native-models/checkpoints/checkpoint.ts';
import { createSampler } from '../samplers/create-sampler.ts';
import type { Sampler, SchedulerConfig } from '../samplers/sampler.ts';
import { findSampler } from '../samplers/sampler-registry.ts';
import { readSchedulerConfig } from '../samplers/scheduler-config.ts';
import type { GenerateJob } from '../protocol.ts';

/**
 * The job's sampler over the model's noise schedule.
 *
 * @throws ModelError for a sampler, a number of steps or a strength that cannot be run.
 */
export async function setUpSampler(job: GenerateJob, checkpoint: Checkpoint): Promise<Sampler> {
  const found = findSampler(job.sampler.id);
  const config = { ...(await trainedSchedule(checkpoint)), ...found.config, ...job.sampler.schedule };
  return createSampler(found.name, config, {
    steps: job.steps,
    ...(job.init === null ? {} : { strength: job.init.strength }),
    ...(job.sampler.eta === undefined ? {} : { eta: job.sampler.eta }),
  });
}

/** What the model says of its schedule; latents are never clipped unless it says so. */
export async function trainedSchedule(checkpoint: Checkpoint): Promise<Partial<SchedulerConfig>> {
  if (checkpoint.layout !== 'single-file') {
    const file = path.join(checkpoint.path, 'scheduler', 'scheduler_config.json');
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return { clipSample: false, ...readSchedulerConfig(JSON.parse(text)) };
  }
  const { scheduler } = checkpoint;
  return {
    trainSteps: scheduler.trainTimesteps,
    betaStart: scheduler.betaStart,
    betaEnd: scheduler.betaEnd,
    betaSchedule: scheduler.betaSchedule,
    predictionType: scheduler.predictionType,
    timestepSpacing: scheduler.timestepSpacing,
    stepsOffset: scheduler.stepsOffset,
    rescaleZeroTerminalSnr: scheduler.rescaleBetasZeroSnr,
    setAlphaToOne: scheduler.setAlphaToOne,
    clipSample: scheduler.clipSample,
  };
}
