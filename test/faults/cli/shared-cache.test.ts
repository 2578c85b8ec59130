import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkplace, type Workplace } from './run-impasto.ts';

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => place.remove());

const paint = (out: string, ...args: string[]): string[] => [
  ...'generate --prompt boat --seed 1 --steps 3 --width 128 --height 128 --json --out'.split(' '),
  out,
  ...args,
];
const kept = (kind: 'stages' | 'pictures'): number => {
  const folder = join(place.data, 'cache', kind);
  return existsSync(folder) ? readdirSync(folder).length : 0;
};
const bytes = (name: string): Buffer => readFileSync(join(place.folder, name));

test('generate leaves its steps for the studio and other commands, and --no-cache neither takes nor leaves any', async () => {
  expect(await place.impasto(paint('alone.png', '--no-cache'))).toMatchObject({ code: 0 });
  expect(kept('stages') + kept('pictures')).toBe(0);
  expect(await place.impasto(paint('filling.png'))).toMatchObject({ code: 0 });
  expect(kept('pictures')).toBe(1);
  // The first state, which loading made dear, and the last; the one between them where its step took 0.1 s. Two texts as
  // well, unless the model's hash took long.
  expect(kept('stages')).toBeGreaterThanOrEqual(2);
  expect(await place.impasto(paint('taken.png'))).toMatchObject({ code: 0 });
  expect(bytes('filling.png').equals(bytes('alone.png'))).toBe(true);
  expect(bytes('taken.png').equals(bytes('alone.png'))).toBe(true);
  const varied = await place.impasto(['vary', 'filling.png', '--at', '2', '--out', 'other.png', '--json']);
  const { shared, steps } = JSON.parse(varied.stdout) as { shared: number; steps: number };
  expect(steps).toBe(3);
  expect([1, 2]).toContain(shared);
});

test('two processes at once share one cache and make the same bytes', async () => {
  const ends = await Promise.all([place.impasto(paint('one.png')), place.impasto(paint('two.png'))]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(bytes('one.png').equals(bytes('two.png'))).toBe(true);
  expect(kept('pictures')).toBe(1);
  expect(await place.impasto(paint('three.png'))).toMatchObject({ code: 0 });
  expect(bytes('three.png').equals(bytes('one.png'))).toBe(true);
});
