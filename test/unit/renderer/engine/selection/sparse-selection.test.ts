import { describe, expect, it } from 'vitest';
import { intersectRect, type Rect } from '../../../../../renderer/engine/geometry/rect.ts';
import { combineSelections, invertSelection } from '../../../../../renderer/engine/selection/combine.ts';
import { mapSelection } from '../../../../../renderer/engine/selection/map-selection.ts';
import { packSelection, unpackSelection } from '../../../../../renderer/engine/selection/pack-selection.ts';
import { smoothSelection } from '../../../../../renderer/engine/selection/refine.ts';
import { featherSelection, growSelection } from '../../../../../renderer/engine/selection/reshape.ts';
import { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';
import { selectEllipse, selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { softenEdge } from '../../../../../renderer/engine/selection/soften-edge.ts';
import { seeded } from '../compositor/random-document.ts';

const VAST: Rect = { x: 0, y: 0, width: 16384, height: 16384 };
const MEGABYTE = 2 ** 20;

describe('a selection of 16384 × 16384 pixels', () => {
  const all = selectRectangle(VAST, VAST);

  it('takes next to no memory when all of it is selected, nor do what is cut out of it and its inverse', () => {
    const inner = selectRectangle({ x: 1000, y: 2000, width: 9001, height: 7003 }, VAST);
    const rest = invertSelection(inner, VAST);
    const both = combineSelections(rest, inner, 'add');
    for (const mask of [all, inner, rest, both]) expect(mask.bytes).toBeLessThan(16 * MEGABYTE);
    expect(all.bytes).toBeLessThan(MEGABYTE / 10);
    expect(inner.bytes).toBeLessThan(MEGABYTE / 10);
    expect(all.bounds()).toEqual(VAST);
    expect(inner.bounds()).toEqual({ x: 1000, y: 2000, width: 9001, height: 7003 });
    expect(invertSelection(all, VAST).bounds().width).toBe(0);
    expect([rest.at(999, 2000), rest.at(1000, 2000), rest.at(10_000, 9002), rest.at(10_001, 9002)]).toEqual([
      255, 0, 0, 255,
    ]);
    expect(both.uniformIn(VAST)).toBe(255);
    expect(packSelection(all).length).toBeLessThan(32);
    const back = unpackSelection(packSelection(rest));
    expect(Buffer.compare(packSelection(back), packSelection(rest))).toBe(0);
    expect(back.bytes).toBeLessThan(16 * MEGABYTE);
    expect(all.shifted(100, -100).within(VAST).bounds()).toEqual({
      x: 100,
      y: 0,
      width: 16284,
      height: 16284,
    });
  });

  it('is grown, shrunk, feathered and softened with no more memory than its edge takes', () => {
    const inner = selectRectangle({ x: 1000, y: 2000, width: 9001, height: 7003 }, VAST);
    expect(growSelection(inner, 5, VAST).bounds()).toEqual({ x: 995, y: 1995, width: 9011, height: 7013 });
    expect(growSelection(inner, -5, VAST).bounds()).toEqual({ x: 1005, y: 2005, width: 8991, height: 6993 });
    const soft = featherSelection(inner, 8, VAST);
    expect(soft.bytes).toBeLessThan(24 * MEGABYTE);
    expect(Math.abs(soft.at(1000, 4000) - 128)).toBeLessThan(16);
    expect(softenEdge(all, VAST).uniformIn(VAST)).toBe(255);
  });
});

describe('the soft edge of a selection too large to be softened whole', () => {
  // Three averages over 2 half + 1 pixels whose variances sum to (radius / 2)².
  const half = 4;
  const profile = (): number[] => {
    let values: number[] = Array.from({ length: 256 }, (_, i) => (i < 128 ? 255 : 0));
    for (let pass = 0; pass < 3; pass++) {
      values = values.map((_, i) => {
        let sum = 0;
        for (let k = -half; k <= half; k++) sum += values[Math.min(255, Math.max(0, i + k))]!;
        return sum / (2 * half + 1);
      });
    }
    return values;
  };

  it.each([10_240, 10_241, 10_300])('is the same wherever tiles end (edge at %i)', (edge) => {
    const soft = featherSelection(selectRectangle({ ...VAST, width: edge }, VAST), 8, VAST);
    const wanted = profile();
    for (let x = -20; x < 20; x++) {
      expect(Math.abs(soft.at(edge + x, 5000) - wanted[128 + x]!), `${x}`).toBeLessThanOrEqual(1);
    }
  });
});

describe('a selection held in tiles', () => {
  const canvas: Rect = { x: 0, y: 0, width: 900, height: 700 };
  const random = seeded(5);
  /** Blobs, flat parts and noise, at odd places. */
  const made = Array.from({ length: 6 }, (_, number) => {
    const rect = {
      x: number * 37 - 20,
      y: number * 53 - 11,
      width: 300 + number * 60,
      height: 260 + number * 30,
    };
    const data = new Uint8Array(rect.width * rect.height);
    const flat = Math.floor(random() * 256);
    for (let i = 0; i < data.length; i++) {
      const [x, y] = [i % rect.width, Math.floor(i / rect.width)];
      if (x < rect.width / 2) data[i] = y < 200 ? flat : 0;
      else if (y > 150) data[i] = Math.floor(random() * 256);
    }
    return { rect, data, mask: new SelectionMask(rect, data) };
  });

  it('reads as it was written, everywhere', () => {
    for (const { rect, data, mask } of made) {
      expect(Buffer.compare(mask.data, data)).toBe(0);
      const part = { x: rect.x - 9, y: rect.y + 100, width: 333, height: 222 };
      const values = mask.read(part);
      for (let i = 0; i < values.length; i += 97) {
        const [x, y] = [part.x + (i % part.width), part.y + Math.floor(i / part.width)];
        const inside = x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
        const given = inside ? data[(y - rect.y) * rect.width + x - rect.x] : 0;
        expect(values[i]).toBe(given);
        expect(mask.at(x, y)).toBe(given);
        const tile = mask.get(Math.floor(x / 256), Math.floor(y / 256));
        expect(tile?.[((y + 256) % 256) * 256 + ((x + 256) % 256)] ?? 0).toBe(given);
      }
      const again = unpackSelection(packSelection(mask));
      expect(again.rect).toEqual(rect);
      expect(Buffer.compare(again.data, data)).toBe(0);
    }
  });

  it('is joined and inverted value by value', () => {
    const rules = {
      add: (a: number, b: number) => Math.max(a, b),
      subtract: (a: number, b: number) => Math.min(a, 255 - b),
      intersect: (a: number, b: number) => Math.min(a, b),
    };
    for (const [first, second] of [
      [made[0]!, made[1]!],
      [made[2]!, made[5]!],
    ] as const) {
      for (const [mode, rule] of Object.entries(rules)) {
        const joined = combineSelections(first.mask, second.mask, mode as keyof typeof rules);
        const { rect } = joined;
        const [a, b] = [first.mask.read(rect), second.mask.read(rect)];
        expect(
          Buffer.compare(
            joined.data,
            a.map((value, i) => rule(value, b[i]!)),
          ),
          mode,
        ).toBe(0);
      }
      const inverse = invertSelection(first.mask, canvas);
      expect(
        Buffer.compare(
          inverse.data,
          first.mask.read(canvas).map((value) => 255 - value),
        ),
      ).toBe(0);
    }
  });

  it('moves and is mapped by whole pixels exactly', () => {
    for (const { mask, rect } of made) {
      const moved = mask.shifted(-77, 130);
      expect(Buffer.compare(moved.data, mask.data)).toBe(0);
      expect(moved.rect).toEqual({ ...rect, x: rect.x - 77, y: rect.y + 130 });
      const mapped = mapSelection(mask, { a: 1, b: 0, c: 0, d: 1, e: -77, f: 130 }, canvas);
      const seen = intersectRect(moved.rect, canvas);
      expect(Buffer.compare(mapped!.read(seen), moved.read(seen))).toBe(0);
    }
  });

  it('far away, as masks of files lie, is told apart from what is near', () => {
    const far = new SelectionMask(
      { x: 2_000_000_000, y: -2_000_000_000, width: 3, height: 2 },
      Uint8Array.of(1, 2, 3, 4, 5, 6),
    );
    expect([...far.data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(far.bounds()).toEqual(far.rect);
  });
});

describe('reshaping tile by tile', () => {
  // More than 4096 × 4096 pixels, so that it is done tile by tile; what it gives in the middle of a part is what the part
  // alone gives, which is done at once.
  const canvas: Rect = { x: 0, y: 0, width: 4400, height: 3900 };
  const mask = combineSelections(
    selectEllipse({ x: 3, y: 5, width: 4300, height: 3800 }, canvas),
    selectEllipse({ x: 200.5, y: 300, width: 900, height: 1111 }, canvas),
    'subtract',
  );
  const part: Rect = { x: 150, y: 700, width: 700, height: 700 };
  const middle: Rect = { x: 250, y: 800, width: 500, height: 500 };
  const alone = mask.within(part);

  it.each([
    ['grown by 9.5', (of: SelectionMask) => growSelection(of, 9.5, canvas)],
    ['shrunk by 40', (of: SelectionMask) => growSelection(of, -40, canvas)],
    ['feathered by 21', (of: SelectionMask) => featherSelection(of, 21, canvas)],
    ['smoothed by 12', (of: SelectionMask) => smoothSelection(of, 12, canvas)],
    ['softened', (of: SelectionMask) => softenEdge(of, canvas)],
  ])('gives the same %s', (_name, reshape) => {
    const whole = reshape(mask).read(middle);
    const own = reshape(alone).read(middle);
    let worst = 0;
    for (let i = 0; i < whole.length; i++) worst = Math.max(worst, Math.abs(whole[i]! - own[i]!));
    // Blurs add up in another order: a value that lies between two may be rounded the other way.
    expect(worst).toBeLessThanOrEqual(_name.startsWith('feather') || _name.startsWith('smooth') ? 2 : 0);
    expect(new Set(whole).size).toBeGreaterThan(3);
  });
});
