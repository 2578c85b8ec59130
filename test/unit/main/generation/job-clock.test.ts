import { expect, test } from 'vitest';
import { createJobClock } from '../../../../main/generation/job-clock.ts';

const price = { load: 0, prepare: 0.1, step: 0.1, steps: 20, decode: 0.2, measured: true, known: true };

test('a job that others come to run beside says so once, and counts by the steps since then', () => {
  let now = 0;
  const clock = createJobClock(price, 0, () => now);
  const step = (done: number, seconds: number, atOnce: number) => {
    now += seconds;
    const progress = { stage: 'denoise', step: done, steps: 20, milliseconds: 1000 * seconds } as const;
    return clock.progress(progress, atOnce);
  };
  expect(step(1, 0.1, 1)).toEqual({ secondsLeft: expect.closeTo(19 * 0.1 + 0.2), cause: null });
  expect(step(2, 0.3, 4)).toEqual({
    secondsLeft: expect.closeTo(18 * 0.3 + 0.2),
    cause: '4 pictures at once',
  });
  for (let done = 3; done < 10; done++) expect(step(done, 0.3, 4).cause).toBeNull();
  // The others have ended: the rest is as quick as before.
  expect(step(10, 0.1, 1)).toEqual({ secondsLeft: expect.closeTo(10 * 0.1 + 0.2), cause: null });
});
