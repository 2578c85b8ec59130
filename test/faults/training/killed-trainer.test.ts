import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import type { LaunchProcess } from '../../../main/inference/host/process-channel.ts';
import { readPictures } from '../../../main/training/read-pictures.ts';
import { runTraining } from '../../../main/training/run-training.ts';
import type { TrainingJob } from '../../../main/training/training-job.ts';
import { writeLinocuts } from '../../fixtures/linocut-pictures.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';

const scratch = scratchFolder();
const { embeddedModel, entries } = locateInstallation();

async function jobIn(name: string): Promise<TrainingJob> {
  const folder = join(scratch, 'pictures');
  if (!existsSync(folder)) await writeLinocuts(folder);
  mkdirSync(join(scratch, name));
  const { pictures } = await readPictures(folder, 64, 64, null);
  return {
    modelPath: embeddedModel,
    pictures: pictures.slice(0, 2),
    settings: {
      rank: 1,
      steps: 6,
      batch: 1,
      rate: 1e-3,
      layers: 'transformers',
      minSnr: 0,
      seed: 2,
      threads: 1,
    },
    files: {
      out: join(scratch, name, 'lora.safetensors'),
      checkpoint: join(scratch, name, 'lora.training'),
      every: 2,
    },
    trigger: null,
    memory: 2 ** 31,
    planOnly: false,
    resume: false,
  };
}

test('a trainer that is killed is replaced, and the result is that of one that was not', async () => {
  const never = new AbortController().signal;
  const whole = await jobIn('whole');
  await runTraining(launchNode(entries), whole, {}, never);

  const cut = await jobIn('cut');
  let kill = (): void => {};
  const launch: LaunchProcess = (entry) => {
    const channel = launchNode(entries)(entry);
    kill = () => channel.kill();
    return channel;
  };
  const steps: number[] = [];
  const causes: string[] = [];
  await runTraining(
    launch,
    cut,
    {
      progress: ({ step }) => {
        steps.push(step);
        // Its checkpoint is of step 2.
        if (step === 3 && causes.length === 0) kill();
      },
      recovered: (cause) => causes.push(cause),
    },
    never,
  );
  expect(causes).toHaveLength(1);
  expect(steps.filter((step) => step === 3)).toHaveLength(2);
  expect(steps.filter((step) => step === 1)).toHaveLength(1);
  expect(readFileSync(cut.files.out).equals(readFileSync(whole.files.out))).toBe(true);
  expect(existsSync(cut.files.checkpoint)).toBe(false);
});

test('one that dies again and again is given up with what is left to go on from', async () => {
  const job = await jobIn('dying');
  const launch: LaunchProcess = (entry) => {
    const channel = launchNode(entries)(entry);
    channel.kill();
    return channel;
  };
  await expect(runTraining(launch, job, {}, new AbortController().signal)).rejects.toMatchObject({
    code: 'training/process-ended',
  });
});
