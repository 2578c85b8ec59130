/**
 * The trainer: a process of the inference worker's kind that trains one LoRA and ends. Pictures are painted by the worker
 * meanwhile; what this one has done survives it in checkpoints.
 */
import { constants, setPriority } from 'node:os';
import { StudioError } from '../../../preload/contract/index.ts';
import { toErrorData } from '../../inference/errors.ts';
import { connectToHost } from '../../inference/worker/host-port.ts';
import type { TrainerMessage, TrainerRequest, TrainingJob } from '../training-job.ts';
import { train } from './train.ts';

const host = connectToHost();
const tell = (message: TrainerMessage): void => host.post(message);
let cancelled = false;

// Painting comes first where both want the processor.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
// A terminal sends Ctrl+C to the host and to this process: the host says when to stop, so that a checkpoint is written first.
process.on('SIGINT', () => {});

host.onMessage((raw) => {
  const request = raw as TrainerRequest;
  if (request.type === 'cancel') cancelled = true;
  else void work(request.job);
});

async function work(job: TrainingJob): Promise<void> {
  try {
    tell({ type: 'result', result: await train(job, { tell, cancelled: () => cancelled }) });
  } catch (error) {
    tell({ type: 'failed', error: error instanceof StudioError ? error.toData() : toErrorData(error) });
  }
}

tell({ type: 'ready' });
