import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import type { LayerText } from '../../../../../renderer/engine/layers/layer-text.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { PaintTarget } from '../../../../../renderer/engine/layers/paint-target.ts';
import { applyMaskChanges } from '../../../../../renderer/engine/mask/mask-changes.ts';
import { duplicateChanges, mergeDownChanges } from '../../../../../renderer/engine/merge/merge-layers.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { IDENTITY } from '../../../../../renderer/engine/transform/affine.ts';
import {
  cropChanges,
  scaleDocumentChanges,
  turnDocumentChanges,
} from '../../../../../renderer/engine/transform/document-geometry.ts';
import { liftPixels } from '../../../../../renderer/engine/transform/lift.ts';
import { shiftLayerChanges } from '../../../../../renderer/engine/transform/shift-layer.ts';

const text: LayerText = {
  text: 'Hi',
  font: 'serif',
  size: 20,
  weight: 400,
  italic: false,
  align: 'left',
  leading: 1.2,
  spacing: 0,
  colour: '#000000',
  place: { ...IDENTITY, e: 10, f: 20 },
};

function written(): PaintDocument {
  const document = new PaintDocument(100, 80, [
    layerRecord({ id: 'paper' }),
    layerRecord({ id: 'a', name: 'Hi', text }),
  ]);
  const rect = { x: 10, y: 20, width: 30, height: 10 };
  const tiles = writeRegion(document.layers.get('a').tiles, rect, new Uint8ClampedArray(1200).fill(255));
  document.apply([
    { type: 'tiles', layerId: 'paper', tiles },
    { type: 'tiles', layerId: 'a', tiles },
  ]);
  return document;
}

const placeOf = (document: PaintDocument): LayerText['place'] | undefined =>
  document.layers.get('a').record.text?.place;

describe('a layer of text', () => {
  it('is not painted on, nor cut up, but its mask is', () => {
    const document = written();
    expect(() => new PaintTarget(document, 'a')).toThrowError(
      expect.objectContaining({ code: 'layer-is-text' }),
    );
    const part = selectRectangle({ x: 12, y: 20, width: 5, height: 5 }, document.canvas);
    expect(() => liftPixels(document, 'a', part)).toThrowError(
      expect.objectContaining({ code: 'layer-is-text' }),
    );
    expect(liftPixels(document, 'a', null)?.rect).toEqual({ x: 10, y: 20, width: 30, height: 10 });
    document.apply([{ type: 'layer-props', layerId: 'a', props: { mask: layerMask(1) } }]);
    expect(new PaintTarget(document, 'a', 'mask').layer.record.id).toBe('a');
    document.apply([{ type: 'layer-props', layerId: 'a', props: { text: null } }]);
    expect(new PaintTarget(document, 'a').layer.record.id).toBe('a');
  });

  it('stays text where it is moved, and where the picture is cropped, scaled or turned; back again too', () => {
    const moves: [(document: PaintDocument) => Parameters<PaintDocument['apply']>[0], LayerText['place']][] =
      [
        [(d) => shiftLayerChanges(d.layers.get('a'), 'pixels', 5, -3), { ...IDENTITY, e: 15, f: 17 }],
        [(d) => cropChanges(d, { x: 4, y: 6, width: 50, height: 50 }), { ...IDENTITY, e: 6, f: 14 }],
        [
          (d) => scaleDocumentChanges(d, { width: 200, height: 40 }),
          { a: 2, b: 0, c: 0, d: 0.5, e: 20, f: 10 },
        ],
        [(d) => turnDocumentChanges(d, 'right'), { a: 0, b: 1, c: -1, d: 0, e: 60, f: 10 }],
      ];
    for (const [change, place] of moves) {
      const document = written();
      const back = document.apply(change(document));
      expect(placeOf(document)).toEqual(place);
      document.apply(back);
      expect(placeOf(document)).toEqual(text.place);
    }
  });

  it('becomes pixels where others are merged into it or its mask is applied, and a copy is text too', () => {
    const copied = written();
    copied.apply(duplicateChanges(copied, 'a', (id) => `${id}2`));
    expect(copied.layers.get('a2').record.text).toEqual(text);
    const merged = copied.apply(mergeDownChanges(copied, 'a2'));
    expect(copied.layers.get('a').record.text).toBeNull();
    copied.apply(merged);
    expect(copied.layers.get('a').record.text).toEqual(text);
    const masked = written();
    masked.apply([{ type: 'layer-props', layerId: 'a', props: { mask: layerMask(1) } }]);
    masked.apply(applyMaskChanges(masked, 'a'));
    expect(masked.layers.get('a').record.text).toBeNull();
  });

  it('is of paint and of nothing else', () => {
    expect(() => new PaintDocument(9, 9, [layerRecord({ id: 'g', kind: 'group', text })])).toThrowError(
      expect.objectContaining({ code: 'invalid-value' }),
    );
  });
});
