import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StageClock } from '../../../../../main/inference/stages/stage-clock.ts';

test('loading inside a stage is counted as loading and not as the stage', async () => {
  const clock = new StageClock();
  await clock.time('decode', async () => {
    await clock.load(() => delay(40));
    await delay(15);
  });
  const { load, decode, denoise } = clock.timings();
  expect(load).toBeGreaterThanOrEqual(38);
  expect(decode).toBeGreaterThanOrEqual(13);
  expect(decode).toBeLessThan(load);
  expect(denoise).toBe(0);
});

test('time of a stage that fails is counted too', async () => {
  const clock = new StageClock();
  const failing = clock.time('denoise', async () => {
    await delay(15);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(clock.of('denoise')).toBeGreaterThanOrEqual(13);
});
