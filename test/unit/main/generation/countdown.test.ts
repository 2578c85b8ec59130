import { describe, expect, test } from 'vitest';
import { createCountdown } from '../../../../main/generation/countdown.ts';
import { createJobClock } from '../../../../main/generation/job-clock.ts';

function clock() {
  let seconds = 100;
  return { now: () => seconds, pass: (by: number) => (seconds += by) };
}

describe('countdown', () => {
  test('holds its figure while estimates wobble upwards', () => {
    const time = clock();
    const countdown = createCountdown(10, time.now);
    expect(countdown.update(8)).toEqual({ secondsLeft: 8, cause: null });
    time.pass(1);
    expect(countdown.update(9)).toEqual({ secondsLeft: 8, cause: null });
    expect(countdown.update(3)).toEqual({ secondsLeft: 3, cause: null });
  });

  test('rises past one and a half times the quote, and says why', () => {
    const time = clock();
    const countdown = createCountdown(10, time.now);
    time.pass(2);
    expect(countdown.update(12.9)).toEqual({ secondsLeft: 10, cause: null });
    const risen = countdown.update(13.1);
    expect(risen.secondsLeft).toBe(13.1);
    expect(risen.cause).toContain('15.1 s in all');
    // What was told is the new promise: the next rise needs another factor of 1.5.
    time.pass(5);
    expect(countdown.update(15)).toEqual({ secondsLeft: 13.1, cause: null });
    time.pass(5);
    expect(countdown.update(15).cause).not.toBeNull();
  });

  test('rises at once for a cause that is given', () => {
    const countdown = createCountdown(10, clock().now);
    expect(countdown.update(4, 'restarted')).toEqual({ secondsLeft: 4, cause: null });
    expect(countdown.update(5, 'restarted')).toEqual({ secondsLeft: 5, cause: 'restarted' });
  });

  test.each([Number.NaN, Infinity])('an estimate of %d changes nothing', (estimate) => {
    const countdown = createCountdown(10, clock().now);
    expect(countdown.update(estimate)).toEqual({ secondsLeft: 10, cause: null });
  });

  test('never rises silently, over 10,000 random estimates', () => {
    const time = clock();
    const countdown = createCountdown(5, time.now);
    let shown = 5;
    let state = 1;
    for (let i = 0; i < 10_000; i++) {
      state = (state * 48_271) % 2_147_483_647;
      time.pass(state / 2_147_483_647 / 10);
      const { secondsLeft, cause } = countdown.update((state % 1000) / 50);
      if (cause === null) expect(secondsLeft).toBeLessThanOrEqual(shown);
      else expect(secondsLeft).toBeGreaterThan(shown);
      shown = secondsLeft;
    }
  });
});

describe('job clock', () => {
  const price = { load: 3, prepare: 1, step: 0.5, steps: 10, decode: 1, known: true, measured: true };

  test('counts down stage by stage as quoted', () => {
    const time = clock();
    const job = createJobClock(price, 0, time.now);
    expect(job.waiting(0).secondsLeft).toBe(10);
    time.pass(1);
    // Opening the file was quick; its networks are loaded by the stages that need them.
    expect(job.progress({ stage: 'load', step: 0, steps: 10, milliseconds: 1000 }).secondsLeft).toBe(9);
    time.pass(2);
    expect(job.progress({ stage: 'load', step: 0, steps: 10, milliseconds: 3000 }).secondsLeft).toBe(7);
    expect(
      job.progress({ stage: 'prepare-latent', step: 0, steps: 10, milliseconds: 1000 }).secondsLeft,
    ).toBe(6);
    expect(job.progress({ stage: 'denoise', step: 4, steps: 10, milliseconds: 500 }).secondsLeft).toBe(4);
    expect(job.progress({ stage: 'decode', step: 10, steps: 10, milliseconds: 1000 }).secondsLeft).toBe(0);
  });

  test('learns from measured steps, without the first, slow one', () => {
    const job = createJobClock(price, 0, clock().now);
    job.progress({ stage: 'denoise', step: 1, steps: 10, milliseconds: 700 });
    const { secondsLeft } = job.progress({ stage: 'denoise', step: 2, steps: 10, milliseconds: 100 });
    expect(secondsLeft).toBeCloseTo(8 * 0.1 + 1);
  });

  test('counts those before it while it waits, and says that a restart costs time', () => {
    const job = createJobClock(price, 20, clock().now);
    expect(job.waiting(20).secondsLeft).toBe(30);
    expect(job.left()).toBe(10);
    job.progress({ stage: 'denoise', step: 9, steps: 10, milliseconds: 500 });
    expect(job.restarted(8, 10, 'the generator restarted')).toEqual({
      secondsLeft: 3 + 1 + 2 * 0.5 + 1,
      cause: 'the generator restarted',
    });
  });
});
