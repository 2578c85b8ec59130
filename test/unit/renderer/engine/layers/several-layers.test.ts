import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import {
  groupLayersChanges,
  outermost,
  placeLayersChanges,
  removeLayersChanges,
  shiftLayersChanges,
} from '../../../../../renderer/engine/layers/several-layers.ts';
import { mergeChosenChanges } from '../../../../../renderer/engine/merge/merge-chosen.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { seeded } from '../compositor/random-document.ts';
import { fingerprint } from '../fingerprint.ts';

/** a, b, a group g with c and d, and e, bottom to top. */
function setUp(): PaintDocument {
  return new PaintDocument(64, 64, [
    layerRecord({ id: 'a' }),
    layerRecord({ id: 'b' }),
    layerRecord({ id: 'g', kind: 'group' }),
    layerRecord({ id: 'c', parent: 'g' }),
    layerRecord({ id: 'd', parent: 'g' }),
    layerRecord({ id: 'e' }),
  ]);
}

const tree = ({ layers }: PaintDocument, parent: string | null = null): string =>
  layers
    .childrenOf(parent)
    .map((id) => {
      const inside =
        layers.get(id).record.kind === 'group' ? `(${tree({ layers } as PaintDocument, id)})` : '';
      return id + inside;
    })
    .join(' ');

describe('several layers', () => {
  it('are taken bottom to top, and once where their group is among them', () => {
    expect(outermost(setUp(), ['e', 'c', 'g', 'a'])).toEqual(['a', 'g', 'e']);
    expect(outermost(setUp(), ['d', 'c'])).toEqual(['c', 'd']);
  });

  it.each([
    [['a', 'b'], null, 'e', 'g(c d) e a b'],
    [['e', 'a'].toSorted(), 'g', 'd', 'b g(c d a e)'],
    [['b', 'e'], null, null, 'b e a g(c d)'],
    [['c', 'e'], null, 'a', 'a c e b g(d)'],
    [['a'], 'g', 'c', 'b g(c a d) e'],
  ] as const)('%j dropped in %s above %s stand side by side', (ids, parent, above, expected) => {
    const document = setUp();
    const before = fingerprint(document);
    const back = document.apply(placeLayersChanges(document, ids, parent, above));
    expect(tree(document)).toBe(expected);
    document.apply(back);
    expect(fingerprint(document)).toBe(before);
  });

  it('stay where they are dropped already, and never go into themselves', () => {
    const document = setUp();
    expect(placeLayersChanges(document, ['a', 'b'], null, null)).toEqual([]);
    expect(placeLayersChanges(document, ['g'], 'g', 'c')).toEqual([]);
  });

  it.each([
    [['a', 'b'], 1, 'g(c d) a b e'],
    [['b', 'e'], 1, 'a g(c d) b e'],
    [['a', 'e'], -1, 'a b e g(c d)'],
    [['a', 'b'], -1, 'a b g(c d) e'],
    [['a', 'c'], 1, 'b a g(d c) e'],
  ] as const)(
    '%j move by %i among their siblings, without overtaking each other',
    (ids, direction, expected) => {
      const document = setUp();
      document.apply(shiftLayersChanges(document, ids, direction));
      expect(tree(document)).toBe(expected);
    },
  );

  it('go into a group where the topmost stands, in their order', () => {
    const document = setUp();
    const group = layerRecord({ id: 'n', kind: 'group' });
    const back = document.apply(groupLayersChanges(document, outermost(document, ['d', 'a']), group));
    expect(tree(document)).toBe('b g(c n(a d)) e');
    document.apply(back);
    expect(tree(document)).toBe('a b g(c d) e');
  });

  it('are deleted together, but not all there are', () => {
    const document = setUp();
    document.apply(removeLayersChanges(document, ['a', 'g']));
    expect(tree(document)).toBe('b e');
    expect(() => removeLayersChanges(document, ['b', 'e'])).toThrowError(
      expect.objectContaining({ code: 'last-layer' }),
    );
  });
});

describe('merging chosen layers', () => {
  function painted(depth: 8 | 16): { document: PaintDocument; look: () => Uint16Array } {
    const random = seeded(5);
    const document = new PaintDocument(
      32,
      32,
      [
        layerRecord({ id: 'a' }),
        layerRecord({ id: 'b', blend: 'multiply', opacity: 0.7 }),
        layerRecord({ id: 'c', clipped: true, blend: 'screen' }),
        layerRecord({ id: 'd', opacity: 0.5 }),
      ],
      { depth },
    );
    for (const id of ['a', 'b', 'c', 'd']) {
      const pixels = Uint16Array.from({ length: 32 * 32 * 4 }, () => Math.floor(random() * 65536));
      document.apply([
        { type: 'tiles', layerId: id, tiles: writeRegion(document.layers.get(id), document.canvas, pixels) },
      ]);
    }
    const look = (): Uint16Array => {
      const out = new Uint16Array(32 * 32 * 4);
      new CpuCompositor(document).render(document.canvas, out, 'premultiplied');
      return out;
    };
    return { document, look };
  }

  it.each([8, 16] as const)('from the lowest up leaves the picture as it was (%i bits)', (depth) => {
    const { document, look } = painted(depth);
    const before = look();
    const back = document.apply(mergeChosenChanges(document, ['a', 'b', 'c', 'd'], 'new'));
    expect(tree(document)).toBe('new');
    const after = look();
    const worst = after.reduce((most, value, i) => Math.max(most, Math.abs(value - before[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(depth === 8 ? 258 : 2);
    document.apply(back);
    expect(look()).toEqual(before);
  });

  it('takes those between out of their order, and clips to nothing that is not among them', () => {
    const { document } = painted(8);
    document.apply(mergeChosenChanges(document, ['a', 'c'], 'new'));
    expect(tree(document)).toBe('b new d');
    const alone = painted(8).document;
    alone.apply([
      { type: 'layer-remove', layerId: 'b' },
      { type: 'layer-remove', layerId: 'd' },
      { type: 'layer-props', layerId: 'c', props: { clipped: false } },
    ]);
    const expected = new Uint8Array(32 * 32 * 4);
    new CpuCompositor(alone).render(alone.canvas, expected);
    document.apply([
      { type: 'layer-remove', layerId: 'b' },
      { type: 'layer-remove', layerId: 'd' },
    ]);
    const merged = new Uint8Array(32 * 32 * 4);
    new CpuCompositor(document).render(document.canvas, merged);
    expect(merged.every((value, i) => Math.abs(value - expected[i]!) <= 1)).toBe(true);
  });

  it('says which is locked or hidden', () => {
    const { document } = painted(8);
    document.apply([{ type: 'layer-props', layerId: 'b', props: { visible: false } }]);
    expect(() => mergeChosenChanges(document, ['a', 'b'], 'n')).toThrowError(
      expect.objectContaining({ code: 'layer-hidden' }),
    );
    document.apply([{ type: 'layer-props', layerId: 'b', props: { visible: true, locked: true } }]);
    expect(() => mergeChosenChanges(document, ['a', 'b'], 'n')).toThrowError(
      expect.objectContaining({ code: 'layer-locked' }),
    );
  });
});
