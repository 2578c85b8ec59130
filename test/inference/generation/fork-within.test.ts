import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  GenerationRequest,
  Plan,
  Raster,
  ResultSummary,
  Variation,
} from '../../../preload/contract/index.ts';
import { openRunningStudio, PLAIN_REQUEST, type RunningStudio } from '../../fixtures/run-studio.ts';

const SIZE = 64;
const SMALL = { ...PLAIN_REQUEST, steps: 6, width: SIZE, height: SIZE };
const AT = 2;

const grey = (width: number, level: (x: number, y: number) => number): Raster => ({
  width,
  height: width,
  rgba: Uint8Array.from({ length: width * width * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : level((i >> 2) % width, Math.floor((i >> 2) / width)),
  ),
});
/** White left of a column. */
const leftOf = (column: number, width = SIZE): Raster => grey(width, (x) => (x < column ? 255 : 0));

/** Whether two pictures have the same pixels wherever a mask is black, and others where it is white. */
function differsWithinOnly(one: Raster, other: Raster, mask: Raster): { outside: boolean; inside: boolean } {
  const differing = (white: boolean): boolean =>
    one.rgba.some((value, i) => (mask.rgba[i & ~3] === 255) === white && value !== other.rgba[i]);
  return { outside: differing(false), inside: differing(true) };
}
const WITHIN_ONLY = { outside: false, inside: true };

let caching: RunningStudio;
let computing: RunningStudio;
beforeAll(async () => {
  [caching, computing] = [await openRunningStudio({ cache: true }), await openRunningStudio()];
});
afterAll(async () => {
  await Promise.all([caching.close(), computing.close()]);
});

const toRun = ({ stages }: Plan): string[] => stages.filter(({ runs }) => runs).map(({ id }) => id);

/** A variation through the contract, as window and command ask for it. */
async function vary(
  studio: RunningStudio,
  resultId: string,
  change: Omit<Partial<Variation>, 'resultId'> & { within: Raster },
): Promise<{ summary: ResultSummary; raster: Raster; plan: Plan }> {
  const variation = { resultId, at: { step: AT }, noise: { seed: 5, theta: 90 }, ...change };
  const plan = await studio.ask('generation.planVariation', variation);
  const done = Promise.withResolvers<ResultSummary>();
  const off = [
    studio.on('generation.finished', ({ result }) => done.resolve(result)),
    studio.on('generation.failed', ({ error }) => done.reject(new Error(`${error.code}: ${error.message}`))),
  ];
  await studio.ask('generation.vary', variation);
  const summary = await done.promise.finally(() => off.forEach((stop) => stop()));
  const { raster } = await studio.ask('generation.result', { resultId: summary.resultId });
  return { summary, raster, plan };
}

/** The request that a result's recipe stands for, as another studio would have it from its file. */
async function requestOf(studio: RunningStudio, { resultId }: ResultSummary): Promise<GenerationRequest> {
  return (await studio.ask('generation.request', { resultId })).request;
}

test('a variation within a part leaves every pixel elsewhere as it was, whatever is kept', async () => {
  const base = await caching.paint(SMALL);
  const mask = leftOf(32);
  const varied = await vary(caching, base.summary.resultId, { within: mask, prompt: 'a green hill' });
  expect(differsWithinOnly(varied.raster, base.raster, mask)).toEqual(WITHIN_ONLY);
  expect(varied.summary.recipe.changes).toMatchObject([
    { step: AT, within: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  // Nothing of what is followed has to be run again.
  expect(toRun(varied.plan).filter((id) => id.startsWith('followed'))).toEqual([]);
  expect(toRun(varied.plan)).toContain(`state-${AT + 1}`);
  expect(toRun(varied.plan)).not.toContain(`state-${AT}`);
  const request = await requestOf(caching, varied.summary);
  const computed = await computing.paint(request);
  expect(Buffer.from(computed.raster.rgba).equals(varied.raster.rgba)).toBe(true);
  const plan = await computing.ask('generation.plan', request);
  expect(toRun(plan)).toContain(`followed-state-${SMALL.steps}`);
  // Their common beginning is one.
  expect(plan.stages.filter(({ kind }) => kind === 'denoise')).toHaveLength(2 * SMALL.steps - AT);
  const again = await caching.paint({ ...request, fresh: true });
  expect(Buffer.from(again.raster.rgba).equals(varied.raster.rgba)).toBe(true);
});

test('what is varied within a part can be varied within another', async () => {
  const base = await caching.paint({ ...SMALL, seed: 2 });
  const first = await vary(caching, base.summary.resultId, { within: leftOf(32) });
  const right = grey(SIZE, (x) => (x >= 48 ? 255 : 0));
  const second = await vary(caching, first.summary.resultId, { at: { step: 4 }, within: right });
  expect(differsWithinOnly(second.raster, first.raster, right)).toEqual(WITHIN_ONLY);
  const computed = await computing.paint(await requestOf(caching, second.summary));
  expect(Buffer.from(computed.raster.rgba).equals(second.raster.rgba)).toBe(true);
});

describe.each<[string, Partial<GenerationRequest>, number]>([
  [
    'two passes, in the first',
    { width: 128, height: 128, hires: { width: 64, height: 64, strength: 0.5 } },
    AT,
  ],
  [
    'two passes, in the second',
    { width: 128, height: 128, hires: { width: 64, height: 64, strength: 0.5 } },
    7,
  ],
  ['from its beginning', {}, 0],
  ['from a picture', { init: { raster: grey(SIZE, (x, y) => (x * y) % 251), strength: 0.8 } }, 1],
  [
    'a part of a picture',
    {
      init: { raster: grey(128, (x, y) => (x + y) % 251), strength: 1 },
      mask: grey(128, (x, y) => (x >= 32 && x < 96 && y >= 32 && y < 96 ? 255 : 0)),
      local: { feather: 4 },
    },
    AT,
  ],
])('%s', (_what, request, step) => {
  test('pixels elsewhere stay, and it is the same from nothing', async () => {
    const base = await caching.paint({ ...SMALL, seed: 3, ...request });
    const mask = leftOf(base.raster.width / 2, base.raster.width);
    const varied = await vary(caching, base.summary.resultId, { at: { step }, within: mask });
    expect(differsWithinOnly(varied.raster, base.raster, mask)).toEqual(WITHIN_ONLY);
    const computed = await computing.paint(await requestOf(caching, varied.summary));
    expect(Buffer.from(computed.raster.rgba).equals(varied.raster.rgba)).toBe(true);
  });
});

test('what cannot be followed is refused in words', async () => {
  const { summary } = await caching.paint(SMALL);
  const { resultId } = summary;
  await expect(vary(caching, resultId, { within: leftOf(32), steps: 9 })).rejects.toThrow(
    /within-other-steps/,
  );
  await expect(vary(caching, resultId, { within: leftOf(0) })).rejects.toThrow(/mask-empty/);
  const forecast = await caching.paint({ ...SMALL, approximations: { outputs: 0.1 } });
  await expect(vary(caching, forecast.summary.resultId, { within: leftOf(32) })).rejects.toThrow(
    /within-approximate/,
  );
});
