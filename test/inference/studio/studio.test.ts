import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resultFile } from '../../../main/generation/result-store.ts';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import type { ProcessChannel } from '../../../main/inference/host/process-channel.ts';
import { createStudio, type Studio } from '../../../main/studio/studio.ts';
import {
  events,
  type RequestName,
  type RequestParams,
  type RequestResult,
  requests,
  type ResultSummary,
  type StudioEvent,
} from '../../../preload/contract/index.ts';
import { createWorkplace, type Workplace } from '../../faults/cli/run-impasto.ts';

const installation = locateInstallation(join(import.meta.dirname, '../../../main/hosting'));
const painting: RequestParams<'generation.start'> = {
  modelId: 'embedded',
  prompt: 'a lighthouse by the sea, oil painting',
  negative: '',
  sampler: 'ddim',
  steps: 6,
  guidance: 4.5,
  seed: 12,
  noise: 'philox',
  width: 256,
  height: 256,
  init: null,
  adapters: [],
};

let place: Workplace;
let studio: Studio;
/** The worker that runs now, for tests that kill it. */
let worker: ProcessChannel | undefined;
const told: StudioEvent[] = [];
const listeners = new Set<(event: StudioEvent) => void>();

async function openStudio(): Promise<Studio> {
  const launch = launchNode(installation.entries);
  const opened = await createStudio({
    host: 'headless',
    version: installation.version,
    dataFolder: place.data,
    documentsFolder: join(place.folder, 'documents'),
    embeddedModelFolder: installation.embeddedModel,
    launch(entry) {
      const channel = launch(entry);
      if (entry === 'worker') worker = channel;
      return channel;
    },
    log: () => {},
  });
  opened.subscribe((event) => {
    events[event.name].parse(event.payload);
    told.push(event);
    for (const listener of listeners) listener(event);
  });
  return opened;
}
beforeAll(async () => {
  place = createWorkplace();
  studio = await openStudio();
});
afterAll(async () => {
  await studio.close();
  place.remove();
});

async function ask<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> {
  const answer = await studio.handle(name, params);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  requests[name].result.parse(answer.value);
  return answer.value as RequestResult<N>;
}

/** Starts a job and waits for its end; `during` sees every event of the studio meanwhile. */
async function paint(
  request = painting,
  during: (event: StudioEvent, jobId: string) => void = () => {},
): Promise<ResultSummary> {
  const { promise, resolve, reject } = Promise.withResolvers<ResultSummary>();
  const { jobId } = await ask('generation.start', request);
  const listener = (event: StudioEvent): void => {
    if (event.name === 'generation.finished' && event.payload.jobId === jobId) resolve(event.payload.result);
    if (event.name === 'generation.failed' && event.payload.jobId === jobId) {
      reject(Object.assign(new Error(event.payload.error.message), event.payload));
    }
    during(event, jobId);
  };
  listeners.add(listener);
  return promise.finally(() => listeners.delete(listener));
}
const bytesOf = ({ resultId }: ResultSummary): Buffer => readFileSync(resultFile(place.data, resultId));

let reference: Buffer;

test('a prompt becomes a picture that is on disk before it is told of', async () => {
  let onDisk: boolean | undefined;
  const result = await paint(painting, (event) => {
    if (event.name === 'generation.finished') {
      onDisk = existsSync(resultFile(place.data, event.payload.result.resultId));
    }
  });
  expect(onDisk).toBe(true);
  const { raster } = await ask('generation.result', { resultId: result.resultId });
  const shades = new Set(raster.rgba);
  expect(shades.size).toBeGreaterThan(60);
  reference = bytesOf(result);
});

test('the same request makes the same bytes again, warm, and its price is measured now', async () => {
  let previews = 0;
  const again = await paint(painting, (event) => {
    if (event.name === 'generation.preview') previews++;
  });
  expect(bytesOf(again).equals(reference)).toBe(true);
  expect(previews).toBeGreaterThan(0);
  const price = await ask('generation.price', { ...painting, strength: null });
  expect(price).toMatchObject({ measured: true, onceSeconds: 0, evaluations: 12 });
  expect(price.seconds).toBeGreaterThan(0);
});

test('the command line makes the same bytes', async () => {
  const end = await place.impasto([
    'generate',
    '--no-cache',
    '--prompt',
    painting.prompt,
    '--steps',
    '6',
    '--seed',
    '12',
    '--out',
    'cli.png',
  ]);
  expect(end).toMatchObject({ code: 0 });
  expect(readFileSync(join(place.folder, 'cli.png')).equals(reference)).toBe(true);
  expect((await ask('generation.results', { limit: 10 })).length).toBe(3);
});

// A machine that holds this process up kills when the picture is done; not four times in a row.
test.each([0, 1, 4])(
  'a worker killed after step %i costs one message; the picture is the same',
  { retry: 3 },
  async (step) => {
    let killed = 0;
    const recovered: string[] = [];
    const result = await paint(painting, (event) => {
      if (event.name === 'generation.recovered') recovered.push(event.payload.message);
      if (
        event.name === 'generation.progress' &&
        event.payload.stage === 'Painting' &&
        event.payload.step === step
      ) {
        if (killed++ === 0) worker?.kill();
      }
    });
    expect(killed).toBeGreaterThan(0);
    expect(recovered).toHaveLength(1);
    expect(recovered[0]).toMatch(
      /^The generator stopped at step \d of 6\. Your painting and \d+ results are safe\. It restarted/,
    );
    expect(bytesOf(result).equals(reference)).toBe(true);
  },
);

// Nor is the cancel told of late four times in a row.
test('cancel ends a job within a step, and the next job runs', { retry: 3 }, async () => {
  let cancelledAt = -1;
  const job = paint({ ...painting, steps: 500 }, (event, jobId) => {
    if (cancelledAt >= 0 || event.name !== 'generation.progress' || event.payload.step < 2) return;
    cancelledAt = event.payload.step;
    void ask('generation.cancel', { jobId });
  });
  await expect(job).rejects.toMatchObject({ state: 'cancelled', error: { code: 'inference/cancelled' } });
  const failed = told.findLast((event) => event.name === 'generation.failed');
  expect(failed?.name === 'generation.failed' && failed.payload.step).toBeLessThanOrEqual(cancelledAt + 1);
  expect(bytesOf(await paint()).equals(reference)).toBe(true);
});

test('a picture to start from leads somewhere else; with little strength it is kept, with none it is refused', async () => {
  const rgba = Uint8Array.from({ length: 128 * 128 * 4 }, (_, i) => [30, 90, 200, 255][i % 4]!);
  const init = { raster: { width: 128, height: 128, rgba }, strength: 0.5 };
  const half = await paint({ ...painting, init });
  expect(bytesOf(half).equals(reference)).toBe(false);
  expect(half.recipe.init?.strength).toBe(0.5);
  const kept = await ask('generation.result', {
    resultId: (await paint({ ...painting, steps: 20, init: { ...init, strength: 0.05 } })).resultId,
  });
  const mean = [0, 1, 2].map((channel) => {
    const values = kept.raster.rgba.filter((_, i) => i % 4 === channel);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  // One step from the end, a plain blue is still a blue.
  for (const [channel, value] of [30, 90, 200].entries())
    expect(Math.abs(mean[channel]! - value)).toBeLessThan(40);
  expect(
    await studio.handle('generation.start', { ...painting, init: { ...init, strength: 0 } }),
  ).toMatchObject({
    ok: false,
    error: { code: 'generation/no-step-left', remedy: expect.stringContaining('0.17') },
  });
});

test('seconds left never rose without a cause', () => {
  const shown = new Map<string, number>();
  for (const event of told) {
    if (event.name !== 'generation.progress') continue;
    const { jobId, secondsLeft, cause } = event.payload;
    if (cause === null) expect(secondsLeft).toBeLessThanOrEqual(shown.get(jobId) ?? Infinity);
    shown.set(jobId, secondsLeft);
  }
  expect(shown.size).toBeGreaterThan(5);
});

test('results and prices are there after a restart of the host', async () => {
  const before = await ask('generation.results', { limit: 100 });
  await studio.close();
  expect(await studio.handle('studio.info', {})).toMatchObject({
    ok: false,
    error: { code: 'studio/closed' },
  });
  studio = await openStudio();
  expect(await ask('generation.results', { limit: 100 })).toEqual(before);
  expect(await ask('generation.price', { ...painting, strength: null })).toMatchObject({ measured: true });
});

test('what the page asks first is answered by the contract', async () => {
  expect(await ask('studio.info', {})).toMatchObject({ host: 'headless', version: installation.version });
  expect((await ask('models.list', {}))[0]).toMatchObject({ id: 'embedded' });
  const report = await ask('devices.report', {});
  expect(report.tried.map(({ provider }) => provider)).toContain(report.chosen);
  await ask('settings.write', { key: 'prompt', value: 'a fox' });
  expect(await ask('settings.read', {})).toEqual({ prompt: 'a fox' });
  expect(await ask('documents.list', {})).toEqual([]);
});
