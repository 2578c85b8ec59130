import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import {
  addMaskChanges,
  applyMaskChanges,
  invertMaskChanges,
} from '../../../../../renderer/engine/mask/mask-changes.ts';
import { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { seeded } from '../compositor/random-document.ts';
import { fingerprint } from '../fingerprint.ts';

function setUp(depth: 8 | 16) {
  const random = seeded(3);
  const document = new PaintDocument(300, 40, [layerRecord({ id: 'a' })], { depth });
  const pixels = Uint16Array.from({ length: 300 * 40 * 4 }, () => Math.floor(random() * 65536));
  const tiles = writeRegion(document.layers.get('a'), document.canvas, pixels);
  document.apply([{ type: 'tiles', layerId: 'a', tiles }]);
  const values = Uint8Array.from({ length: 100 * 20 }, () => Math.floor(random() * 256));
  const selection = new SelectionMask({ x: 220, y: 10, width: 100, height: 20 }, values);
  const picture = (): Uint16Array => {
    const out = new Uint16Array(300 * 40 * 4);
    new CpuCompositor(document).render(document.canvas, out, 'premultiplied');
    return out;
  };
  return { document, selection, picture };
}

const worst = (a: Uint16Array, b: Uint16Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe.each([8, 16] as const)('a mask with %i bits', (depth) => {
  it('shows what was selected, by as much, and nothing else', () => {
    const { document, selection, picture } = setUp(depth);
    const before = picture();
    document.apply(addMaskChanges(document, 'a', selection));
    const after = picture();
    const alpha = (of: Uint16Array, x: number, y: number): number => of[(y * 300 + x) * 4 + 3]!;
    expect([alpha(after, 219, 15), alpha(after, 230, 9), alpha(after, 10, 10)]).toEqual([0, 0, 0]);
    for (const [x, y] of [
      [220, 10],
      [255, 20],
      [256, 20],
      [299, 29],
    ] as const) {
      const share = selection.get(x >> 8, 0)![y * 256 + (x & 255)]! / 255;
      expect(Math.abs(alpha(after, x, y) - alpha(before, x, y) * share)).toBeLessThanOrEqual(1);
    }
  });

  it('inverted twice is as before; undo of each step restores every bit', () => {
    const { document, selection } = setUp(depth);
    const states = [fingerprint(document)];
    const back = [];
    for (const step of [
      () => addMaskChanges(document, 'a', selection),
      () => invertMaskChanges(document, 'a'),
      () => addMaskChanges(document, 'a', null),
      () => addMaskChanges(document, 'a', selection),
      () => applyMaskChanges(document, 'a'),
    ]) {
      back.push(document.apply(step()));
      states.push(fingerprint(document));
    }
    expect(states[4]).toBe(states[1]);
    expect(new Set(states).size).toBe(5);
    while (back.length > 0) {
      document.apply(back.pop()!);
      expect(fingerprint(document)).toBe(states[back.length]);
    }
    document.apply(addMaskChanges(document, 'a', selection));
    document.apply([...invertMaskChanges(document, 'a')]);
    document.apply([...invertMaskChanges(document, 'a')]);
    expect(fingerprint(document)).toBe(states[1]);
  });

  it.each([0, 6])(
    'applied leaves the picture as it was, at any density and a feather of %i px',
    (feather) => {
      const { document, selection, picture } = setUp(depth);
      document.apply(addMaskChanges(document, 'a', selection));
      const mask = { ...document.layers.get('a').record.mask!, density: 0.6, feather };
      document.apply([{ type: 'layer-props', layerId: 'a', props: { mask } }]);
      const before = picture();
      document.apply(applyMaskChanges(document, 'a'));
      expect(document.layers.get('a').record.mask).toBeNull();
      expect(worst(picture(), before)).toBeLessThanOrEqual(depth === 8 ? 129 : 1);
    },
  );
});
