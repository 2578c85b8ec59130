import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whenIdle } from '../../../../main/documents/when-idle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits for ten quiet seconds, works slice by slice, and stops when nothing is left', () => {
  let left = 3;
  const slice = vi.fn(() => --left > 0);
  const idle = whenIdle(slice);
  idle.busy();
  vi.advanceTimersByTime(9000);
  idle.busy();
  vi.advanceTimersByTime(9999);
  expect(slice).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(slice).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(slice).toHaveBeenCalledTimes(3);
});

it('leaves trouble for another time, and is silent once stopped', () => {
  const slice = vi.fn(() => {
    throw new Error('busy');
  });
  const idle = whenIdle(slice, 100);
  idle.busy();
  vi.advanceTimersByTime(1000);
  expect(slice).toHaveBeenCalledTimes(1);
  idle.busy();
  idle.stop();
  vi.advanceTimersByTime(1000);
  expect(slice).toHaveBeenCalledTimes(1);
});
