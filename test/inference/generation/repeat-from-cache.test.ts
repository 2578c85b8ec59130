import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { createStudio, type Studio } from '../../../main/studio/studio.ts';
import type {
  Raster,
  RequestName,
  RequestParams,
  RequestResult,
  ResultSummary,
} from '../../../preload/contract/index.ts';
import { keptSteps } from '../../fixtures/kept-states.ts';
import { createWorkplace, type Workplace } from '../../faults/cli/run-impasto.ts';

type Request = RequestParams<'generation.start'>;

/** Pairs of a request and an edit of it; 500 is the bar: `IMPASTO_PAIRS=500 npx vitest run test/inference/generation/repeat-from-cache.test.ts`. */
const PAIRS = Number(process.env['IMPASTO_PAIRS'] ?? 15);
const SEED = Number(process.env['IMPASTO_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const installation = locateInstallation(join(import.meta.dirname, '../../../main/hosting'));

let place: Workplace;
/** One computes everything; the other may take from the cache. */
let computing: Studio;
let caching: Studio;

const open = (dataFolder: string, repeatFromCache: boolean): Promise<Studio> =>
  createStudio({
    host: 'headless',
    version: installation.version,
    dataFolder,
    documentsFolder: join(place.folder, 'documents'),
    embeddedModelFolder: installation.embeddedModel,
    launch: launchNode(installation.entries),
    previews: false,
    repeatFromCache,
    log: () => {},
  });
beforeAll(async () => {
  place = createWorkplace();
  computing = await open(join(place.folder, 'computing'), false);
  caching = await open(join(place.folder, 'caching'), true);
});
afterAll(async () => {
  await Promise.all([computing.close(), caching.close()]);
  place.remove();
});

/** The caching studio after a restart, once it knows the model's hash: on a busy machine jobs do not wait for that. */
async function reopen(asked: Request): Promise<Studio> {
  const studio = await open(join(place.folder, 'caching'), true);
  await ask(studio, 'generation.plan', asked);
  return studio;
}

async function ask<N extends RequestName>(studio: Studio, name: N, params: RequestParams<N>) {
  const answer = await studio.handle(name, params);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value as RequestResult<N>;
}
/** Runs a request to pixels; `ran` says whether a step was painted. */
async function paint(studio: Studio, request: Request): Promise<{ raster: Raster; ran: boolean }> {
  const done = Promise.withResolvers<ResultSummary>();
  let ran = false;
  const unsubscribe = studio.subscribe((event) => {
    if (event.name === 'generation.progress') ran ||= (event.payload as { step: number }).step > 0;
    if (event.name === 'generation.finished')
      done.resolve((event.payload as { result: ResultSummary }).result);
    if (event.name === 'generation.failed') done.reject(new Error(JSON.stringify(event.payload)));
  });
  await ask(studio, 'generation.start', request);
  const { resultId } = await done.promise.finally(unsubscribe);
  return { raster: (await ask(studio, 'generation.result', { resultId })).raster, ran };
}

/** Repeatable, so that a pair that fails can be had again. */
let state = SEED;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const chance = (share: number): boolean => random() < share;
const number = (): number => Math.floor(random() * 1e6);

const grey = (level: number): Raster => ({
  width: 64,
  height: 64,
  rgba: Uint8Array.from({ length: 64 * 64 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * level) % 251)),
});
const mask = (edge: number): Raster => ({
  width: 64,
  height: 64,
  rgba: Uint8Array.from({ length: 64 * 64 * 4 }, (_, i) => ((i >> 2) % 64 < edge ? 255 : 0)),
});
type Change = NonNullable<Request['changes']>[number];

const randomChange = (request: Request): Change => ({
  step: Math.floor(random() * (request.init ? 2 : request.steps + (request.hires ? 1 : 0))),
  ...pick<Partial<Change>>([
    { noise: { seed: number(), theta: pick([0, 20, 90]) } },
    { prompt: pick(['a red fox', 'snow']) },
    { guidance: pick([1, 2, 6]) },
    { negative: 'noise' },
    { noise: { seed: number(), theta: 45 }, prompt: 'a green hill' },
    ...(request.mask ? [{ mask: mask(16) }] : []),
    // What stays within a part follows the rest step by step, and so keeps the steps.
    ...(request.init
      ? [{ noise: { seed: number(), theta: 90 }, within: mask(24) }]
      : [{ steps: request.steps + 2 }]),
  ]),
});

const twoPasses = (strength: number): NonNullable<Request['hires']> => ({ width: 64, height: 64, strength });

const randomRequest = (): Request => {
  const withPicture = chance(0.3);
  const request: Request = {
    modelId: 'embedded',
    prompt: pick(['a red fox', 'a boat at dawn', '[mountains:sea:0.5], oil painting']),
    negative: pick(['', 'grey']),
    sampler: pick(['ddim', 'euler', 'euler-ancestral', 'dpmpp_2m', 'unipc', 'heun', 'dpmpp-sde', 'lcm']),
    steps: pick([3, 4, 5]),
    guidance: pick([1, 4.5]),
    seed: number(),
    noise: pick(['philox', 'torch-cpu']),
    width: 64,
    height: 64,
    init: withPicture ? { raster: grey(pick([3, 7])), strength: 0.9 } : null,
    ...(withPicture && chance(0.5) ? { mask: mask(32) } : {}),
    adapters: [],
  };
  const size = withPicture ? 64 : 128;
  if (chance(0.25)) Object.assign(request, { width: size, height: size, hires: twoPasses(0.7) });
  return chance(0.4) ? { ...request, changes: [randomChange(request)] } : request;
};

/** Something a person does to a picture next: most of it is the same computation. */
const edit = (request: Request): Request => {
  const last = request.changes?.at(-1)?.step ?? 0;
  const later = { ...randomChange(request) };
  const changes = [...(request.changes ?? []), { ...later, step: Math.max(last, later.step) }];
  return {
    ...request,
    ...pick<Partial<Request>>([
      { seed: request.seed + 1 },
      { prompt: `${request.prompt}, snow` },
      { guidance: request.guidance + 0.5 },
      { negative: `${request.negative} blur` },
      { changes },
      { changes },
      { changes },
      { hires: twoPasses(request.hires ? 0.8 : 0.7) },
      { mix: { prompt: 'a red boat', share: pick([0, 0.4]) } },
      { vae: join(installation.embeddedModel, 'vae') },
    ]),
  };
};

test(`${PAIRS} random requests and edits of them are the same byte for byte with and without the cache (seed ${SEED})`, async () => {
  for (let i = 0; i < PAIRS; i++) {
    const request = randomRequest();
    for (const asked of [request, edit(request)]) {
      const words = JSON.stringify(asked, (key, value: unknown) => (key === 'rgba' ? '…' : value));
      const plain = await paint(computing, asked);
      const first = await paint(caching, asked);
      const again = await paint(caching, asked);
      expect(again.ran, words).toBe(false);
      expect(Buffer.compare(first.raster.rgba, plain.raster.rgba), words).toBe(0);
      expect(Buffer.compare(again.raster.rgba, plain.raster.rgba), words).toBe(0);
    }
  }
}, 3_600_000);

const cacheFiles = (kind: string): string[] => {
  const folder = join(place.folder, 'caching', 'cache', kind);
  return readdirSync(folder).map((name) => join(folder, name));
};

test('a cache that is damaged at random bytes gives the same pictures, and says so', async () => {
  const asked: Request = { ...randomRequest(), seed: 77, steps: 4, init: null, mask: null, changes: [] };
  const whole = await paint(caching, asked);
  // What memory holds is not on disk's mercy: another process, which has only the disk.
  await caching.close();
  for (const file of [...cacheFiles('pictures'), ...cacheFiles('stages')]) {
    const bytes = readFileSync(file);
    for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)]! ^= 1 + Math.floor(random() * 255);
    writeFileSync(file, bytes);
  }
  caching = await reopen(asked);
  const told: string[] = [];
  const unsubscribe = caching.subscribe(({ name, payload }) => {
    if (name === 'studio.notice') told.push((payload as { message: string }).message);
  });
  const again = await paint(caching, asked);
  unsubscribe();
  expect(Buffer.compare(again.raster.rgba, whole.raster.rgba)).toBe(0);
  expect(told).toEqual([expect.stringMatching(/^A kept picture failed its checksum and was made again/)]);
}, 120_000);

test('a fork after a restart begins at a state that an earlier process left', async () => {
  const asked: Request = {
    ...randomRequest(),
    // Long enough for states between the first and the last to be worth their place on disk, however quick the machine is.
    steps: 200,
    sampler: 'euler-ancestral',
    noise: 'philox',
    seed: 78,
    hires: undefined,
    init: null,
    mask: null,
    changes: [],
  };
  await paint(caching, asked);
  await caching.close();
  const at = 199;
  const kept = await keptSteps(join(place.folder, 'caching'), installation.version, 78);
  const last = kept.findLast((step) => step <= at) ?? 0;
  expect(last).toBeGreaterThan(1);
  caching = await reopen(asked);
  const fork = { ...asked, changes: [{ step: at, noise: { seed: 1, theta: 90 } }] };
  const steps: number[] = [];
  const unsubscribe = caching.subscribe(({ name, payload }) => {
    if (name === 'generation.progress') steps.push((payload as { step: number }).step);
  });
  const forked = await paint(caching, fork);
  unsubscribe();
  expect(steps.filter((step) => step > 0 && step < last)).toEqual([]);
  expect(Buffer.compare(forked.raster.rgba, (await paint(computing, fork)).raster.rgba)).toBe(0);
}, 120_000);
