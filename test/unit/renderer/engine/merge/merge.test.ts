import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord, type LayerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import {
  duplicateChanges,
  mergeDownChanges,
  mergeGroupChanges,
} from '../../../../../renderer/engine/merge/merge-layers.ts';
import { copyLayer, copyVisible, pasteChanges } from '../../../../../renderer/engine/merge/copy-pixels.ts';
import { mergeVisibleChanges, ungroupChanges } from '../../../../../renderer/engine/merge/merge-visible.ts';
import { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { readRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { seeded } from '../compositor/random-document.ts';
import { fingerprint } from '../fingerprint.ts';

const AREA = { x: 200, y: 30, width: 90, height: 40 };

function documentOf(layers: readonly Partial<LayerRecord>[], alpha?: number): PaintDocument {
  const random = seeded(layers.length);
  const records = layers.map((layer, i) => layerRecord({ id: `l${i}`, ...layer }));
  const document = new PaintDocument(300, 100, records);
  for (const record of records) {
    if (record.kind === 'group') continue;
    const pixels = Uint8Array.from({ length: AREA.width * AREA.height * 4 }, (_, i) =>
      (i & 3) === 3 && alpha !== undefined ? alpha : Math.floor(random() * 256),
    );
    document.apply([
      { type: 'tiles', layerId: record.id, tiles: writeRegion(document.layers.get(record.id), AREA, pixels) },
    ]);
  }
  return document;
}

function seen(document: PaintDocument): Uint8Array {
  const out = new Uint8Array(300 * 100 * 4);
  const compositor = new CpuCompositor(document);
  compositor.render(document.canvas, out, 'premultiplied');
  compositor.dispose();
  return out;
}

function worst(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe('merging', () => {
  it.each<[string, Partial<LayerRecord>[]]>([
    ['normal', [{}, {}, { opacity: 0.6 }]],
    ['multiply on an opaque layer', [{ opacity: 1 }, { blend: 'multiply' }]],
    ['a clipped layer', [{}, {}, { clipped: true, blend: 'screen' }]],
    [
      'two layers that are clipped to the same base',
      [{}, { clipped: true }, { clipped: true, opacity: 0.5 }],
    ],
    ['a hidden layer', [{}, {}, { visible: false }]],
  ])('down looks as before: %s', (_, layers) => {
    // Modes other than normal see their backdrop's alpha, so both are opaque but for the last cases' sake of normal.
    const document = documentOf(layers, layers.some((layer) => layer.blend) ? 255 : undefined);
    const before = seen(document);
    const print = fingerprint(document);
    const back = document.apply(mergeDownChanges(document, `l${layers.length - 1}`));
    expect(document.layers.size).toBe(layers.length - 1);
    expect(worst(seen(document), before)).toBeLessThanOrEqual(2);
    document.apply(back);
    expect(fingerprint(document)).toBe(print);
  });

  it('of a group looks as before, in its place', () => {
    const document = documentOf([
      {},
      { kind: 'group', opacity: 0.7, blend: 'screen' },
      { parent: 'l1' },
      { parent: 'l1', blend: 'multiply' },
      {},
    ]);
    const before = seen(document);
    document.apply(mergeGroupChanges(document, 'l1', 'merged'));
    expect(document.layers.childrenOf(null)).toEqual(['l0', 'merged', 'l4']);
    expect(document.layers.get('merged').record).toMatchObject({
      kind: 'paint',
      opacity: 0.7,
      blend: 'screen',
    });
    expect(worst(seen(document), before)).toBeLessThanOrEqual(2);
  });

  it.each<[string, Partial<LayerRecord>[], number]>([
    [
      'leaves hidden layers where they are',
      [{ visible: false }, {}, { opacity: 0.6 }, { visible: false }],
      3,
    ],
    [
      'leaves out a layer that is clipped to a hidden one',
      [{}, { visible: false }, { clipped: true }, {}],
      3,
    ],
    [
      'takes groups, modes and locked layers',
      [{ locked: true }, { kind: 'group' }, { parent: 'l1' }, { blend: 'screen' }],
      1,
    ],
  ])('of everything visible looks as before and %s', (_, layers, left) => {
    const document = documentOf(layers, layers.some((layer) => layer.blend) ? 255 : undefined);
    const before = seen(document);
    const print = fingerprint(document);
    const back = document.apply(mergeVisibleChanges(document, 'merged'));
    expect(document.layers.childrenOf(null)).toHaveLength(left);
    expect(document.layers.find('merged')?.record.name).toBe(layerRecord({ id: 'x' }).name);
    expect(worst(seen(document), before)).toBeLessThanOrEqual(1);
    document.apply(back);
    expect(fingerprint(document)).toBe(print);
  });

  it('ungroups in place, bottom to top as it was', () => {
    const document = documentOf([
      {},
      { kind: 'group', blend: 'pass-through' },
      { parent: 'l1' },
      { parent: 'l1' },
      {},
    ]);
    const before = seen(document);
    document.apply(ungroupChanges(document, 'l1'));
    expect(document.layers.childrenOf(null)).toEqual(['l0', 'l2', 'l3', 'l4']);
    expect(seen(document)).toEqual(before);
    expect(() => ungroupChanges(document, 'l0')).toThrowError(
      expect.objectContaining({ code: 'invalid-parent' }),
    );
  });

  it('says why it cannot', () => {
    const document = documentOf([{ locked: true }, {}, { kind: 'group' }, {}]);
    const code = (of: () => unknown, want: string): void =>
      expect(of).toThrowError(expect.objectContaining({ code: want }));
    code(() => mergeDownChanges(document, 'l0'), 'invalid-parent');
    code(() => mergeDownChanges(document, 'l1'), 'layer-locked');
    code(() => mergeDownChanges(document, 'l3'), 'invalid-parent');
    code(() => mergeDownChanges(documentOf([{ visible: false }, {}]), 'l1'), 'layer-hidden');
    code(() => mergeGroupChanges(document, 'l1', 'x'), 'invalid-parent');
    code(() => mergeDownChanges(document, 'nobody'), 'unknown-layer');
  });
});

describe('duplicating', () => {
  it('copies a group with all that stands in it, above it, sharing pixels', () => {
    const document = documentOf([
      {},
      { kind: 'group' },
      { parent: 'l1' },
      { kind: 'group', parent: 'l1' },
      { parent: 'l3' },
      {},
    ]);
    const print = fingerprint(document);
    const back = document.apply(duplicateChanges(document, 'l1', (id) => `${id}-copy`));
    expect(document.layers.childrenOf(null)).toEqual(['l0', 'l1', 'l1-copy', 'l5']);
    expect(document.layers.childrenOf('l1-copy')).toEqual(['l2-copy', 'l3-copy']);
    expect(document.layers.childrenOf('l3-copy')).toEqual(['l4-copy']);
    expect(document.layers.get('l4-copy').tiles.get(0, 0)).toBe(document.layers.get('l4').tiles.get(0, 0));
    document.apply(back);
    expect(fingerprint(document)).toBe(print);
  });
});

describe('copying pixels', () => {
  const part = { x: 210, y: 35, width: 20, height: 12 };

  it('takes the layer as it is, whatever its opacity, mode and eye; in place it is the same again', () => {
    const document = documentOf([{}, { opacity: 0.3, blend: 'multiply', visible: false }], 200);
    const own = readRegion(document.layers.get('l1').tiles, AREA);
    const copy = copyLayer(document, 'l1', null)!;
    expect(copy.rect).toEqual(AREA);
    document.apply(
      pasteChanges(document, copy, copy.rect, { id: 'p', name: 'Pasted' }, { parent: null, index: 1 }),
    );
    expect(document.layers.childrenOf(null)).toEqual(['l0', 'p', 'l1']);
    expect(
      worst(
        readRegion(document.layers.get('p').tiles, AREA) as unknown as Uint8Array,
        own as unknown as Uint8Array,
      ),
    ).toBe(0);
  });

  it('takes what is selected, softly where the selection is soft; what is seen, whatever the layer', () => {
    const document = documentOf([{}, {}], 255);
    const mask = selectRectangle(part, document.canvas);
    expect(copyLayer(document, 'l0', mask)?.rect).toEqual(part);
    const both = copyVisible(document, mask)!;
    expect(both.rect).toEqual(part);
    expect(
      Buffer.from(both.pixels).equals(Buffer.from(readRegion(document.layers.get('l1').tiles, part))),
    ).toBe(true);
    const half = copyLayer(document, 'l0', SelectionMask.uniform(part, 128))!;
    expect(half.pixels[3]).toBe(128);
    expect(
      copyLayer(document, 'l0', selectRectangle({ x: 0, y: 0, width: 9, height: 9 }, document.canvas)),
    ).toBeNull();
  });

  it('goes from 8 bits to 16 and back without loss', () => {
    const shallow = documentOf([{}], 255);
    const deep = new PaintDocument(300, 100, [], { depth: 16, colourSpace: 'srgb', profile: null });
    const there = copyLayer(shallow, 'l0', null)!;
    deep.apply(pasteChanges(deep, there, there.rect, { id: 'p', name: 'p' }, { parent: null, index: 0 }));
    const back = copyLayer(deep, 'p', null)!;
    expect(back.pixels).toBeInstanceOf(Uint16Array);
    shallow.apply(pasteChanges(shallow, back, back.rect, { id: 'q', name: 'q' }, { parent: null, index: 1 }));
    expect(readRegion(shallow.layers.get('q').tiles, AREA)).toEqual(
      readRegion(shallow.layers.get('l0').tiles, AREA),
    );
  });
});
