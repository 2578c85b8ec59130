import { expect, it } from 'vitest';
import type { GalleryEntry } from '../../../../preload/contract/index.ts';
import { galleryDays, shownEntries } from '../../../../renderer/generation/gallery-store.ts';

const entry = (id: string, created: Date): GalleryEntry => ({
  resultId: id,
  created: created.getTime(),
  prompt: id,
  seed: 1,
  width: 8,
  height: 8,
});

it('names days and says where each begins', () => {
  const now = new Date(2026, 2, 10, 9);
  const entries = [
    entry('a', new Date(2026, 2, 10, 8)),
    entry('b', new Date(2026, 2, 10, 0, 1)),
    entry('c', new Date(2026, 2, 9, 23, 59)),
    entry('d', new Date(2026, 0, 3)),
    entry('e', new Date(2025, 11, 31)),
  ];
  expect(galleryDays(entries, now)).toEqual([
    { label: 'Today', index: 0, count: 2 },
    { label: 'Yesterday', index: 2, count: 1 },
    { label: '3 January', index: 3, count: 1 },
    { label: '31 December 2025', index: 4, count: 1 },
  ]);
});

it('shows what looks like a result in the order of nearness, without what is gone', () => {
  const [a, b] = [entry('a', new Date()), entry('b', new Date())];
  expect(shownEntries({ entries: [a, b], similarTo: { entry: a, ids: ['b', 'gone', 'a'] } })).toEqual([b, a]);
});
