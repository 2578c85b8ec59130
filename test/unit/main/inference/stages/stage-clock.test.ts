import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StageClock } from '../../../../../main/inference/stages/stage-clock.ts';

let now = 0;
beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => now));
afterEach(() => void vi.restoreAllMocks());

/** Work that takes so many milliseconds. */
async function take(milliseconds: number): Promise<void> {
  await Promise.resolve();
  now += milliseconds;
}

test('loading inside a stage is counted as loading and not as the stage', async () => {
  const clock = new StageClock();
  await clock.time('decode', async () => {
    await clock.load(() => take(40));
    await take(15);
  });
  expect(clock.timings()).toMatchObject({ load: 40, decode: 15, denoise: 0 });
});

test('time of a stage that fails is counted too', async () => {
  const clock = new StageClock();
  const failing = clock.time('denoise', async () => {
    await take(15);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(clock.of('denoise')).toBe(15);
});
