import { expect, test } from 'vitest';
import { latestState } from '../../../../../main/generation/cache/reuse.ts';
import type { KeptValue } from '../../../../../main/generation/cache/stage-cache.ts';
import { someState } from '../../inference/host/fake-worker.ts';

/** A cache that holds these; reading one that is null finds it damaged. */
function holding(kept: Readonly<Record<string, KeptValue | null>>) {
  const read: string[] = [];
  return {
    read,
    stages: {
      where: (key: string) => (key in kept ? ('disk' as const) : null),
      get: (key: string, damaged: () => void) => {
        read.push(key);
        if (kept[key] === null) damaged();
        return Promise.resolve(kept[key] ?? null);
      },
    },
  };
}
const kept = (step: number): KeptValue => ({ kind: 'state', state: someState(step) });

test('a run goes on from the latest of its states that is there, and reads no other', async () => {
  const cache = holding({ one: kept(1), two: kept(2), four: kept(4) });
  const found = await latestState(cache, ['one', 'two', 'three'], () => expect.unreachable());
  expect(found?.step).toBe(2);
  expect(cache.read).toEqual(['two']);
  expect(await latestState(cache, ['five', 'six'], () => expect.unreachable())).toBeNull();
});

test('one that is damaged is told of, and the one before it taken', async () => {
  let damaged = 0;
  const cache = holding({ one: kept(1), two: null });
  const found = await latestState(cache, ['one', 'two'], () => (damaged += 1));
  expect([found?.step, damaged]).toEqual([1, 1]);
});
