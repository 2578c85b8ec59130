import { expect, test } from 'vitest';
import { barOf, failed, judge } from '../../../../main/verify/model-verdict.ts';
import { openVerdictStore } from '../../../../main/verify/verdict-store.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';

const folder = scratchFolder();
const half = { provider: 'cuda', precision: 'fp16', linear: null } as const;
const quantised = { provider: 'cpu', precision: 'fp32', linear: 'int4' } as const;

test('an error is judged by the bar of its form; no number is never within it', () => {
  expect(judge(half, barOf(half), '').verdict).toBe('ok');
  expect(judge(half, barOf(half) * 1.01, '').verdict).toBe('miss');
  for (const error of [Infinity, Number.NaN]) expect(judge(half, error, '').verdict).toBe('miss');
  expect(barOf({ ...half, precision: 'fp32' })).toBeLessThan(barOf(half));
  expect(barOf(quantised)).toBeGreaterThan(barOf({ ...quantised, linear: 'int8' }));
});

test('verdicts outlast a restart, the last one counts, and only what was found equal is allowed', () => {
  let store = openVerdictStore(folder, 'drivers 1');
  store.keep('a', judge(half, 1, 'first'));
  expect(store.allows('a', half)).toBe(false);
  const good = judge(half, 1e-3, 'again');
  const bad = failed(quantised, 'it did not fit');
  store.keep('a', good);
  store.keep('a', bad);
  store.close();
  store = openVerdictStore(folder, 'drivers 1');
  expect(store.of('a')).toEqual([good, bad]);
  expect(store.allows('a', half)).toBe(true);
  // Not another precision, nor fewer bits, nor another model.
  expect(store.allows('a', { ...half, precision: 'fp32' })).toBe(false);
  expect(store.allows('a', { ...half, linear: 'int8' })).toBe(false);
  expect(store.allows('a', quantised)).toBe(false);
  expect(store.allows('b', half)).toBe(false);
  store.close();
});

test('an error without end is kept', () => {
  const store = openVerdictStore(folder, 'drivers 3');
  store.keep('c', judge(half, Infinity, ''));
  expect(store.of('c')).toMatchObject([{ error: Infinity, verdict: 'miss' }]);
  store.close();
});

test('another driver or runtime makes them worth nothing', () => {
  const store = openVerdictStore(folder, 'drivers 2');
  expect(store.of('a')).toEqual([]);
  expect(store.allows('a', half)).toBe(false);
  store.close();
});
