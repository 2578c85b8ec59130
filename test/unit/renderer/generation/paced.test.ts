import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Paced } from '../../../../renderer/generation/paced.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first is handed on at once, then the latest of each key, never more often than asked', () => {
  const handed: string[] = [];
  const paced = new Paced<number>(100, (key, value) => void handed.push(`${key} ${value}`));
  for (let i = 0; i < 50; i++) {
    paced.take('a', i);
    paced.take('b', i);
    vi.advanceTimersByTime(10);
  }
  expect(handed.slice(0, 5)).toEqual(['a 0', 'b 9', 'a 9', 'a 19', 'b 19']);
  expect(handed).toHaveLength(1 + 2 * 5);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
  paced.take('a', 99);
  expect(handed.at(-1)).toBe('a 99');
});

test('what is dropped does not come after all', () => {
  const handed: string[] = [];
  const paced = new Paced<number>(100, (key) => void handed.push(key));
  paced.take('a', 1);
  paced.take('b', 1);
  paced.take('a', 2);
  paced.drop('b');
  vi.advanceTimersByTime(1000);
  expect(handed).toEqual(['a', 'a']);
});
