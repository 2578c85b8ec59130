import { describe, expect, it } from 'vitest';
import type { Change } from '../../../../renderer/engine/changes.ts';
import { PaintDocument, type DocumentEvent } from '../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import { fingerprint } from './fingerprint.ts';

const tile = (value: number): Uint8Array => new Uint8Array(262144).fill(value);

function tree(): PaintDocument {
  return new PaintDocument(800, 600, [
    layerRecord({ id: 'bottom' }),
    layerRecord({ id: 'group', kind: 'group' }),
    layerRecord({ id: 'inner', parent: 'group' }),
    layerRecord({ id: 'deep', kind: 'group', parent: 'group' }),
    layerRecord({ id: 'leaf', parent: 'deep' }),
    layerRecord({ id: 'top' }),
  ]);
}

describe('a document', () => {
  it('keeps siblings bottom to top and lists a parent before its children', () => {
    const document = tree();
    expect(document.layers.childrenOf(null)).toEqual(['bottom', 'group', 'top']);
    expect([...document.layers.all()].map((layer) => layer.record.id)).toEqual([
      'bottom',
      'group',
      'inner',
      'deep',
      'leaf',
      'top',
    ]);
    expect(document.layers.isWithin('leaf', 'group')).toBe(true);
    expect(document.layers.isWithin('group', 'leaf')).toBe(false);
  });

  it('brings a removed group back with everything in it', () => {
    const document = tree();
    document.apply([{ type: 'tiles', layerId: 'leaf', tiles: [{ x: 1, y: -1, data: tile(9) }] }]);
    const before = fingerprint(document);
    const back = document.apply([{ type: 'layer-remove', layerId: 'group' }]);
    expect(document.layers.size).toBe(2);
    document.apply(back);
    expect(fingerprint(document)).toBe(before);
  });

  it('moves layers: the index counts the new siblings without the layer itself', () => {
    const document = tree();
    const back = document.apply([{ type: 'layer-move', layerId: 'bottom', parent: null, index: 2 }]);
    expect(document.layers.childrenOf(null)).toEqual(['group', 'top', 'bottom']);
    document.apply(back);
    expect(document.layers.childrenOf(null)).toEqual(['bottom', 'group', 'top']);
    document.apply([{ type: 'layer-move', layerId: 'top', parent: 'deep', index: 0 }]);
    expect(document.layers.childrenOf('deep')).toEqual(['top', 'leaf']);
    expect(document.layers.get('top').record.parent).toBe('deep');
  });

  const bad: [string, Change, string][] = [
    [
      'a layer twice',
      { type: 'layer-add', layer: layerRecord({ id: 'top' }), parent: null, index: 0 },
      'duplicate-layer',
    ],
    [
      'a layer in a layer',
      { type: 'layer-add', layer: layerRecord({ id: 'x' }), parent: 'top', index: 0 },
      'invalid-parent',
    ],
    [
      'a place that is not there',
      { type: 'layer-add', layer: layerRecord({ id: 'x' }), parent: null, index: 4 },
      'invalid-index',
    ],
    [
      'an opacity of 2',
      { type: 'layer-add', layer: layerRecord({ id: 'x', opacity: 2 }), parent: null, index: 0 },
      'invalid-value',
    ],
    [
      'an opacity of NaN',
      { type: 'layer-props', layerId: 'top', props: { opacity: Number.NaN } },
      'invalid-value',
    ],
    [
      'an unknown mode',
      { type: 'layer-props', layerId: 'top', props: { blend: 'glow' as 'normal' } },
      'invalid-value',
    ],
    [
      'a group into itself',
      { type: 'layer-move', layerId: 'group', parent: 'deep', index: 0 },
      'invalid-parent',
    ],
    ['an unknown layer', { type: 'layer-remove', layerId: 'x' }, 'unknown-layer'],
    [
      'pixels of a group',
      { type: 'tiles', layerId: 'group', tiles: [{ x: 0, y: 0, data: null }] },
      'layer-not-paintable',
    ],
    [
      'a short tile',
      { type: 'tiles', layerId: 'top', tiles: [{ x: 0, y: 0, data: new Uint8Array(8) }] },
      'invalid-tile',
    ],
    [
      'a tile at 0.5',
      { type: 'tiles', layerId: 'top', tiles: [{ x: 0.5, y: 0, data: null }] },
      'invalid-tile',
    ],
    [
      'a tile far out',
      { type: 'tiles', layerId: 'top', tiles: [{ x: 0, y: 4000, data: null }] },
      'invalid-tile',
    ],
    ['a canvas of 0', { type: 'canvas', width: 0, height: 5 }, 'invalid-size'],
    ['a canvas of 10^5', { type: 'canvas', width: 100_000, height: 5 }, 'invalid-size'],
  ];
  it.each(bad)('refuses %s and is left as before, earlier changes included', (_, change, code) => {
    const document = tree();
    const before = fingerprint(document);
    const good: Change[] = [
      { type: 'tiles', layerId: 'top', tiles: [{ x: 0, y: 0, data: tile(1) }] },
      { type: 'layer-props', layerId: 'inner', props: { opacity: 0.5 } },
    ];
    expect(() => document.apply([...good, change])).toThrowError(expect.objectContaining({ code }));
    expect(fingerprint(document)).toBe(before);
  });

  it('undoes a change that writes one tile twice', () => {
    const document = tree();
    document.apply([{ type: 'tiles', layerId: 'top', tiles: [{ x: 0, y: 0, data: tile(1) }] }]);
    const before = fingerprint(document);
    const back = document.apply([
      {
        type: 'tiles',
        layerId: 'top',
        tiles: [
          { x: 0, y: 0, data: tile(2) },
          { x: 0, y: 0, data: tile(3) },
        ],
      },
    ]);
    document.apply(back);
    expect(fingerprint(document)).toBe(before);
  });

  it('shares pixels with what it gives back instead of copying them', () => {
    const document = tree();
    const first = tile(1);
    document.apply([{ type: 'tiles', layerId: 'top', tiles: [{ x: 0, y: 0, data: first }] }]);
    const back = document.apply([{ type: 'tiles', layerId: 'top', tiles: [{ x: 0, y: 0, data: tile(2) }] }]);
    expect(back[0]?.type === 'tiles' && back[0].tiles[0]!.data === first).toBe(true);
    expect(document.bytes).toBe(262144);
  });

  it('tells listeners which pixels changed, and which look may have', () => {
    const document = tree();
    const events: DocumentEvent[] = [];
    const stop = document.subscribe((event) => events.push(event));
    const data = tile(0);
    data.fill(9, (20 * 256 + 10) * 4, (20 * 256 + 30) * 4);
    data.fill(9, (25 * 256 + 5) * 4, (25 * 256 + 6) * 4);
    document.apply([{ type: 'tiles', layerId: 'leaf', tiles: [{ x: 1, y: 0, data }] }]);
    document.apply([
      { type: 'tiles', layerId: 'leaf', tiles: [{ x: 1, y: 0, data: Uint8Array.from(data) }] },
    ]);
    document.apply([{ type: 'layer-props', layerId: 'group', props: { opacity: 0.5 } }]);
    document.apply([{ type: 'layer-props', layerId: 'group', props: { name: 'Fox' } }]);
    stop();
    document.apply([{ type: 'layer-props', layerId: 'group', props: { opacity: 1 } }]);
    expect(events.map(({ pixels, structure }) => ({ pixels, structure }))).toEqual([
      {
        pixels: [{ layerId: 'leaf', plane: 'pixels', rect: { x: 261, y: 20, width: 25, height: 6 } }],
        structure: null,
      },
      { pixels: [], structure: null },
      { pixels: [], structure: { x: 256, y: 0, width: 256, height: 256 } },
      { pixels: [], structure: null },
    ]);
  });
});
