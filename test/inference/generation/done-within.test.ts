import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRunningStudio, PLAIN_REQUEST, type RunningStudio } from '../../fixtures/run-studio.ts';

let studio: RunningStudio;
beforeAll(async () => {
  studio = await openRunningStudio({ cache: true });
});
afterAll(() => studio.close());

const SMALL = { ...PLAIN_REQUEST, steps: 30, width: 128, height: 128 };
/** Less than any machine takes for the fewest steps of the smallest picture. */
const NO_TIME = 0.001;

test('nothing gives way before this was timed here, nor for what is there; else the plan, the notice, the queue and the recipe say what did', async () => {
  const untimed = await studio.paint({ ...SMALL, seed: 1, doneWithin: NO_TIME });
  expect(untimed.summary.recipe).toMatchObject({ steps: 30, width: 128 });
  expect(untimed.summary.recipe.eased).toBeUndefined();

  const kept = { ...SMALL, seed: 1, doneWithin: NO_TIME };
  expect((await studio.ask('generation.plan', kept)).eased).toEqual([]);
  const again = await studio.paint(kept);
  expect(again.summary.recipe.eased).toBeUndefined();

  const fresh = { ...SMALL, seed: 2, doneWithin: NO_TIME };
  const words = ['6 steps in place of 30', '64 × 64 in place of 128 × 128'];
  const plan = await studio.ask('generation.plan', fresh);
  expect(plan.eased).toEqual(words);
  expect(plan.stages.filter(({ kind }) => kind === 'denoise')).toHaveLength(6);
  const { init: _init, ...priced } = fresh;
  expect(await studio.ask('generation.price', { ...priced, strength: null })).toMatchObject({
    eased: words,
    seconds: plan.seconds,
  });
  const notices: string[] = [];
  const off = studio.on('studio.notice', ({ message }) => void notices.push(message));
  const made = await studio.paint(fresh);
  off();
  expect(made.raster).toMatchObject({ width: 64, height: 64 });
  expect(made.summary.recipe.eased).toEqual({
    within: NO_TIME,
    asked: { steps: 30, width: 128, height: 128 },
  });
  expect(notices.join('\n')).toContain(`To be done within ${NO_TIME} s: ${words.join(', ')}.`);
  const { jobs } = await studio.ask('queue.list', {});
  expect(jobs.find(({ resultId }) => resultId === made.summary.resultId)?.eased.join()).toContain(words[0]);
  // What was made is what its recipe says, whatever was asked for.
  const plain = await studio.paint({ ...SMALL, seed: 2, steps: 6, width: 64, height: 64, fresh: true });
  expect(Buffer.from(plain.raster.rgba).equals(made.raster.rgba)).toBe(true);
});

test('a part of a picture keeps its size', async () => {
  const white = { width: 128, height: 128, rgba: new Uint8Array(128 * 128 * 4).fill(200) };
  const mask = {
    ...white,
    rgba: white.rgba.map((_, i) => (i % 4 === 3 || ((i >> 2) % 128 > 40 && (i >> 2) % 128 < 90) ? 255 : 0)),
  };
  const { raster, summary } = await studio.paint({
    ...SMALL,
    seed: 3,
    init: { raster: white, strength: 1 },
    mask,
    doneWithin: NO_TIME,
  });
  expect(raster).toMatchObject({ width: 128, height: 128 });
  expect(summary.recipe.eased?.asked).toEqual({ steps: 30 });
});
