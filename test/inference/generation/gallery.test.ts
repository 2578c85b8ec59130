import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRunningStudio, PLAIN_REQUEST, type RunningStudio } from '../../fixtures/run-studio.ts';

let studio: RunningStudio;
beforeAll(async () => {
  studio = await openRunningStudio();
});
afterAll(() => studio.close());

test('everything made is listed, shrunk, and found by what looks like it', async () => {
  const quick = { ...PLAIN_REQUEST, steps: 4, width: 128, height: 128 };
  const boat = await studio.paint(quick);
  const other = await studio.paint({ ...quick, prompt: 'a yellow balloon over mountains', seed: 9 });
  const listed = await studio.ask('gallery.list', { limit: 10 });
  expect(listed.map(({ resultId }) => resultId)).toEqual([other.summary.resultId, boat.summary.resultId]);
  expect(listed[1]).toMatchObject({ prompt: PLAIN_REQUEST.prompt, seed: 1, width: 128 });

  const small = await studio.ask('gallery.thumbnail', { resultId: boat.summary.resultId, edge: 32 });
  expect([small.width, small.height, small.rgba.length]).toEqual([32, 32, 32 * 32 * 4]);

  // A little brighter all over: another picture to the bit, the same to the eye.
  const worn = {
    ...boat.raster,
    rgba: boat.raster.rgba.map((value, i) => (i % 4 === 3 ? 255 : Math.min(255, value + 6))),
  };
  const near = await studio.ask('gallery.similar', { raster: worn, within: 6 });
  expect(near.map(({ resultId }) => resultId)).toEqual([boat.summary.resultId]);
  expect(await studio.ask('gallery.similar', { raster: boat.raster, within: 0 })).toEqual([
    { resultId: boat.summary.resultId, distance: 0 },
  ]);
});
