import { describe, expect, it } from 'vitest';
import { PicturePage } from '../../../../renderer/canvas/picture-page.ts';
import type { Rect } from '../../../../renderer/engine/geometry/rect.ts';

const DOCUMENT: Rect = { x: 0, y: 0, width: 700, height: 600 };
const page = (): PicturePage => new PicturePage(0, 0, 0, DOCUMENT, 'srgb', { x: 0, y: 0 }, true);
const rows64 = (): number => 64;

/** How often each pixel of the page's tiles was asked for, 768 × 768. */
function count(jobs: readonly { readonly part: Rect }[]): Uint8Array {
  const seen = new Uint8Array(768 * 768);
  for (const { part } of jobs)
    for (let y = part.y; y < part.y + part.height; y++)
      for (let x = part.x; x < part.x + part.width; x++) seen[y * 768 + x]!++;
  return seen;
}

function drain(
  of: PicturePage,
  rows?: () => number,
): { readonly tx: number; readonly ty: number; readonly part: Rect }[] {
  const jobs = [];
  for (let job = of.next(rows); job; job = of.next(rows)) jobs.push(job);
  return jobs;
}

describe('a page that is drawn in pieces', () => {
  it('asks for every pixel once, in whole tiles or some rows at a time, and is complete only then', () => {
    expect(drain(page())).toHaveLength(9);
    const pieces = page();
    const jobs = [];
    for (let i = 0; i < 36; i++) {
      expect(pieces.complete).toBe(false);
      jobs.push(pieces.next(rows64)!);
    }
    expect(pieces.complete).toBe(true);
    expect(pieces.fresh).toBe(true);
    expect(pieces.next(rows64)).toBeNull();
    expect(count(jobs).every((times) => times === 1)).toBe(true);
  });

  it('begins a tile anew that is damaged while it is begun', () => {
    const begun = page();
    const first = begun.next(rows64)!;
    begun.damage({ x: first.part.x + 5, y: first.part.y + 5, width: 3, height: 3 });
    const jobs = [first, ...drain(begun, rows64)];
    expect(begun.fresh).toBe(true);
    const seen = count(jobs);
    expect(seen.every((times) => times >= 1)).toBe(true);
    expect(seen[(first.part.y + 6) * 768 + first.part.x + 6]).toBe(2);
  });

  it('asks for what is damaged, first and piece by piece', () => {
    const drawn = page();
    drain(drawn);
    drawn.damage({ x: 10, y: 30, width: 20, height: 100 });
    expect(drain(drawn, rows64).map(({ part }) => part)).toEqual([
      { x: 10, y: 30, width: 20, height: 34 },
      { x: 10, y: 64, width: 20, height: 64 },
      { x: 10, y: 128, width: 20, height: 2 },
    ]);
  });

  it('gives a job without pixels where something has to be done first, and leaves what is to be drawn as it is', () => {
    const prepared = page();
    let steps = 2;
    const prepare = (): boolean => steps-- > 0;
    const jobs = Array.from({ length: 3 }, () => prepared.next(rows64, () => true, prepare)!);
    expect(jobs.map(({ part }) => part.height)).toEqual([0, 0, 64]);
    expect(new Set(jobs.map(({ tx, ty }) => `${tx} ${ty}`)).size).toBe(1);
    const rest = drain(prepared, rows64);
    expect(count([...jobs, ...rest]).every((times) => times === 1)).toBe(true);
    prepared.damage({ x: 10, y: 10, width: 20, height: 20 });
    steps = 1;
    expect(prepared.next(rows64, () => true, prepare)!.part.height).toBe(0);
    expect(prepared.next(rows64, () => true, prepare)!.part).toEqual({ x: 10, y: 10, width: 20, height: 20 });
  });
});
