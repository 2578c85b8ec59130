import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerAt } from '../../../../../renderer/engine/layers/layer-at.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { type LayerProps, layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';

describe.each([8, 16] as const)('the layer at a place (%i bits)', (depth) => {
  function setUp(): PaintDocument {
    const document = new PaintDocument(
      600,
      300,
      [
        layerRecord({ id: 'sheet' }),
        layerRecord({ id: 'g', kind: 'group' }),
        layerRecord({ id: 'a', parent: 'g' }),
      ],
      { depth },
    );
    const paint = (id: string, x: number, width: number): void => {
      const rect = { x, y: 0, width, height: 300 };
      const pixels = new Uint8ClampedArray(width * 300 * 4).fill(255);
      document.apply([
        { type: 'tiles', layerId: id, tiles: writeRegion(document.layers.get(id), rect, pixels) },
      ]);
    };
    paint('sheet', 0, 600);
    paint('a', 300, 100);
    return document;
  }
  const set = (document: PaintDocument, layerId: string, props: LayerProps): unknown =>
    document.apply([{ type: 'layer-props', layerId, props }]);

  it('is the topmost that has something there', () => {
    const document = setUp();
    expect([layerAt(document, 299.9, 5), layerAt(document, 300, 5), layerAt(document, 399.9, 299)]).toEqual([
      'sheet',
      'a',
      'a',
    ]);
    expect(layerAt(document, -5, 5)).toBeNull();
  });

  it('is none that is hidden, faint or masked, itself or by its group', () => {
    for (const [id, props] of [
      ['a', { visible: false }],
      ['g', { visible: false }],
      ['g', { opacity: 0.05 }],
      ['a', { mask: layerMask(0) }],
      ['g', { mask: layerMask(0) }],
    ] as const) {
      const document = setUp();
      set(document, id, props);
      expect(layerAt(document, 350, 5)).toBe('sheet');
    }
    const document = setUp();
    set(document, 'a', { mask: { ...layerMask(0), enabled: false } });
    expect(layerAt(document, 350, 5)).toBe('a');
    set(document, 'a', { mask: { ...layerMask(0), density: 0.5 } });
    expect(layerAt(document, 350, 5)).toBe('a');
  });
});
