import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { createStudio, type Studio } from '../../../main/studio/studio.ts';
import type {
  QueueState,
  RequestName,
  RequestParams,
  RequestResult,
} from '../../../preload/contract/index.ts';
import { keptSteps } from '../../fixtures/kept-states.ts';
import { createWorkplace } from '../cli/run-impasto.ts';

const SCRIPT = fileURLToPath(new URL('./queue-forever.ts', import.meta.url));
const JOBS = 50;
/** Times that something is tried of which a machine that stalls may spoil one or another. */
const ATTEMPTS = 5;
const installation = locateInstallation(join(import.meta.dirname, '../../../main/hosting'));

/** Steps of the first job that are on disk, in order. */
const kept = (folder: string): Promise<number[]> => keptSteps(join(folder, 'data'), installation.version, 0);

/** Kills the script once all jobs are in and a state of the first is on disk; resolves to the ids in their order. */
async function killedWhilePainting(folder: string): Promise<string[]> {
  const child = spawn(process.execPath, [SCRIPT, folder, String(JOBS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const signal = new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (_code, by) => resolve(by));
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ids = (): string[] => text.split('\n').slice(0, -1);
  while (child.exitCode === null && (ids().length < JOBS || (await kept(folder)).length === 0)) {
    await delay(20);
  }
  child.kill('SIGKILL');
  expect(await signal).toBe('SIGKILL');
  return ids();
}

async function ask<N extends RequestName>(studio: Studio, name: N, params: RequestParams<N>) {
  const answer = await studio.handle(name, params);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value as RequestResult<N>;
}

/**
 * Asks for a picture while the batch job runs, and waits for it; resolves to the times that the batch job told of itself from
 * the moment the picture was in the queue until it was begun.
 */
async function stepsBeforeAnother(studio: Studio, batch: string, seed: number): Promise<number> {
  const going = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  /** The picture's id once it is in the queue, and whether it has begun. */
  let own: string | null = null;
  let begun = false;
  let steps = 0;
  const off = studio.subscribe(({ name, payload }) => {
    const { jobId } = payload as { jobId?: string };
    if (name === 'queue.changed') {
      const { jobs } = payload as QueueState;
      const picture = jobs.find(({ lane, state }) => lane === 'interactive' && state !== 'finished');
      own ??= picture?.jobId ?? null;
      begun ||= picture?.state === 'running';
    } else if (name === 'generation.finished' && jobId === own) finished.resolve();
    else if (name === 'generation.progress' && jobId === batch) {
      if (own === null) going.resolve();
      else if (!begun) steps += 1;
    }
  });
  await going.promise;
  await ask(studio, 'generation.start', {
    modelId: 'embedded',
    prompt: 'a fox',
    negative: '',
    sampler: 'ddim',
    steps: 2,
    guidance: 4,
    seed,
    noise: 'philox',
    width: 64,
    height: 64,
    init: null,
    adapters: [],
  });
  await finished.promise;
  off();
  return steps;
}

test(`a process killed with ${JOBS} jobs leaves ${JOBS} in their order, and the next goes on from the last kept step`, async () => {
  const place = createWorkplace();
  try {
    const ids = await killedWhilePainting(place.folder);
    const last = (await kept(place.folder)).at(-1) ?? 0;
    const studio = await createStudio({
      host: 'headless',
      version: installation.version,
      dataFolder: join(place.folder, 'data'),
      documentsFolder: join(place.folder, 'documents'),
      embeddedModelFolder: installation.embeddedModel,
      launch: launchNode(installation.entries),
      previews: false,
      repeatFromCache: true,
      keepQueue: true,
      log: () => {},
    });
    const first = Promise.withResolvers<number>();
    studio.subscribe(({ name, payload }) => {
      const { jobId, step } = payload as { jobId: string; step: number };
      if (name === 'generation.progress' && jobId === ids[0] && step > 0) first.resolve(step);
    });
    const { jobs }: QueueState = await ask(studio, 'queue.list', {});
    expect(jobs.map(({ jobId }) => jobId)).toEqual(ids);
    expect(last).toBeGreaterThan(0);
    expect([last, last + 1]).toContain(await first.promise);

    const stepsBefore: number[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      stepsBefore.push(await stepsBeforeAnother(studio, ids[0] ?? '', attempt));
    }
    // A person who asks for a picture waits for one step of the batch job at most, and its telling; where the machine
    // holds this process up, more.
    expect(Math.min(...stepsBefore)).toBeLessThanOrEqual(2);
    await expect
      .poll(async () => {
        const { jobs: after } = await ask(studio, 'queue.list', {});
        return after.filter(({ state }) => state !== 'finished').map(({ jobId: id }) => id);
      })
      .toEqual(ids);
    await studio.close();
  } finally {
    place.remove();
  }
}, 300_000);
