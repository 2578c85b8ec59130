import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord, type LayerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import {
  duplicateChanges,
  mergeDownChanges,
  mergeGroupChanges,
  mergeVisible,
} from '../../../../../renderer/engine/merge/merge-layers.ts';
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

  it('of everything visible is what is seen', () => {
    const document = documentOf([{}, { blend: 'overlay' }, { visible: false }], 255);
    const { rect, pixels } = mergeVisible(document);
    expect(rect).toEqual(document.canvas);
    expect(Buffer.from(pixels).equals(Buffer.from(seen(document)))).toBe(true);
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
