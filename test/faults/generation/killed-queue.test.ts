import { spawn } from 'node:child_process';
import { join } from 'node:path';
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
import { createWorkplace } from '../cli/run-impasto.ts';

const SCRIPT = fileURLToPath(new URL('./queue-forever.ts', import.meta.url));
const JOBS = 50;
const installation = locateInstallation(join(import.meta.dirname, '../../../main/hosting'));

/** Milliseconds that the script paints before it is killed, and of which the last ones may be lost: many times what lies between two states on disk. */
const PAINTED = 1200;
const MAY_BE_LOST = 900;

/**
 * Kills the script once all jobs are in and the first has been painted for `PAINTED`; resolves to the ids and the last step
 * told before the last `MAY_BE_LOST` of it.
 */
function killedWhilePainting(folder: string): Promise<{ ids: string[]; step: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SCRIPT, folder, String(JOBS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    const told = (what: string): string[] =>
      text.split('\n').flatMap((line) => (line.startsWith(`${what} `) ? line.slice(what.length + 1) : []));
    /** Each step told: which, and when. */
    const steps = (): { step: number; at: number }[] =>
      told('step').map((line) => {
        const [step, at] = line.split(' ').map(Number);
        return { step: step ?? 0, at: at ?? 0 };
      });
    const lastKept = (): number => {
      const all = steps();
      const killed = all.at(-1)?.at ?? 0;
      return all.findLast(({ at }) => at < killed - MAY_BE_LOST)?.step ?? 0;
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const all = steps();
      const painted = (all.at(-1)?.at ?? 0) - (all[0]?.at ?? 0);
      if (told('job').length === JOBS && painted > PAINTED) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the script ended by itself: ${text.slice(-500)}`));
      resolve({ ids: told('job'), step: lastKept() });
    });
  });
}

async function ask<N extends RequestName>(studio: Studio, name: N, params: RequestParams<N>) {
  const answer = await studio.handle(name, params);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value as RequestResult<N>;
}

test(`a process killed with ${JOBS} jobs leaves ${JOBS} in their order, and the next goes on from the last kept step`, async () => {
  const place = createWorkplace();
  try {
    const { ids, step } = await killedWhilePainting(place.folder);
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
      const progress = payload as { stage: string; step: number };
      if (name === 'generation.progress' && progress.step > 0) first.resolve(progress.step);
    });
    const { jobs }: QueueState = await ask(studio, 'queue.list', {});
    expect(jobs.map(({ jobId }) => jobId)).toEqual(ids);
    expect(step).toBeGreaterThan(0);
    expect(await first.promise).toBeGreaterThan(step);

    // A person who asks for a picture waits for one step of the batch job at most.
    const before = Promise.withResolvers<number>();
    let steps = 0;
    let counting = false;
    const off = studio.subscribe(({ name, payload }) => {
      const { jobId } = payload as { jobId?: string };
      if (name === 'generation.progress' && counting) {
        if (jobId === ids[0]) steps += 1;
        else before.resolve(steps);
      }
    });
    counting = true;
    const { jobId } = await ask(studio, 'generation.start', {
      modelId: 'embedded',
      prompt: 'a fox',
      negative: '',
      sampler: 'ddim',
      steps: 2,
      guidance: 4,
      seed: 1,
      noise: 'philox',
      width: 64,
      height: 64,
      init: null,
      adapters: [],
    });
    const finished = Promise.withResolvers<void>();
    const offFinished = studio.subscribe(({ name, payload }) => {
      if (name === 'generation.finished' && (payload as { jobId: string }).jobId === jobId)
        finished.resolve();
    });
    await finished.promise;
    off();
    offFinished();
    await expect
      .poll(async () => {
        const { jobs: after } = await ask(studio, 'queue.list', {});
        return after.filter(({ state }) => state !== 'finished').map(({ jobId: id }) => id);
      })
      .toEqual(ids);
    await studio.close();
    expect(await Promise.race([before.promise, Promise.resolve(99)])).toBeLessThanOrEqual(2);
  } finally {
    place.remove();
  }
}, 300_000);
