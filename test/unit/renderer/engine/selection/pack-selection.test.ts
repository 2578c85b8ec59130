import { describe, expect, it } from 'vitest';
import {
  packNamedSelections,
  packSelection,
  unpackNamedSelections,
  unpackSelection,
} from '../../../../../renderer/engine/selection/pack-selection.ts';
import { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';
import { selectEllipse, selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';

const CANVAS = { x: 0, y: 0, width: 3000, height: 2000 };

describe('packed selections', () => {
  it.each([
    ['an ellipse', selectEllipse({ x: 101, y: 77, width: 900, height: 555 }, CANVAS)],
    ['a whole canvas', selectRectangle(CANVAS, CANVAS)],
    ['nothing', SelectionMask.none],
    [
      'noise',
      new SelectionMask(
        { x: 3, y: 4, width: 67, height: 31 },
        crypto.getRandomValues(new Uint8Array(67 * 31)),
      ),
    ],
  ])('%s comes back bit for bit', (_, mask) => {
    const back = unpackSelection(packSelection(mask));
    expect(back.rect).toEqual(mask.rect);
    expect(Buffer.compare(back.data, mask.data)).toBe(0);
  });

  it('are small: six million pixels in a handful of bytes', () => {
    expect(packSelection(selectRectangle(CANVAS, CANVAS)).length).toBeLessThan(32);
  });

  it('keep names in any script', () => {
    const named = [
      { name: 'Fuchs 🦊', mask: selectRectangle({ x: 1, y: 2, width: 3, height: 4 }, CANVAS) },
      { name: '空', mask: selectEllipse({ x: 9, y: 9, width: 40, height: 20 }, CANVAS) },
    ];
    const back = unpackNamedSelections(packNamedSelections(named));
    expect(back.map(({ name }) => name)).toEqual(['Fuchs 🦊', '空']);
    expect(back[1]?.mask.data).toEqual(named[1]?.mask.data);
  });

  it('refuse damaged bytes, whatever byte is changed or missing, without making anything large', () => {
    const good = packNamedSelections([
      { name: 'a', mask: selectEllipse({ x: 0, y: 0, width: 12, height: 9 }, CANVAS) },
    ]);
    for (let cut = 0; cut < good.length; cut++) {
      if (cut === 1) continue;
      expect(() => unpackNamedSelections(good.subarray(0, cut)), `cut at ${cut}`).toThrow(/damaged/);
    }
    let refused = 0;
    for (let at = 0; at < good.length; at++) {
      for (const value of [0, 127, 128, 255]) {
        const bad = Uint8Array.from(good);
        bad[at] = value;
        try {
          for (const { mask } of unpackNamedSelections(bad))
            expect(mask.data.length).toBeLessThanOrEqual(16384 ** 2);
        } catch (error) {
          expect(String(error)).toContain('damaged');
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(good.length);
  });

  it('do not believe a size that the runs do not fill', () => {
    const bomb = new Uint8Array(19);
    bomb[0] = 1;
    new DataView(bomb.buffer).setInt32(9, 16384, true);
    new DataView(bomb.buffer).setInt32(13, 16384, true);
    expect(() => unpackSelection(bomb)).toThrow(/damaged/);
  });
});
