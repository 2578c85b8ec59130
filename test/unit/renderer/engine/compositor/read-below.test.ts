import { expect, it } from 'vitest';
import { readBelow } from '../../../../../renderer/engine/compositor/read-below.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { fillChanges } from '../../../../../renderer/engine/fill/paint-mask.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';

it.each([8, 16] as const)(
  'the picture under a layer leaves out what stands above it, also above its group (%i bits)',
  (depth) => {
    const document = new PaintDocument(
      64,
      64,
      [
        layerRecord({ id: 'ground' }),
        layerRecord({ id: 'group', kind: 'group', blend: 'pass-through' }),
        layerRecord({ id: 'low', parent: 'group' }),
        layerRecord({ id: 'high', parent: 'group' }),
        layerRecord({ id: 'top' }),
      ],
      { depth },
    );
    const paint = (id: string, colour: [number, number, number]): void => {
      document.apply(fillChanges(document, id, selectRectangle(document.canvas, document.canvas), colour, 1));
    };
    paint('ground', [10, 20, 30]);
    paint('high', [200, 0, 0]);
    paint('top', [0, 200, 0]);
    const at = (id: string): number[] => [...readBelow(document, id, { x: 5, y: 5, width: 1, height: 1 })];
    expect(at('low')).toEqual([10, 20, 30, 255]);
    expect(at('high')).toEqual([10, 20, 30, 255]);
    expect(at('top')).toEqual([200, 0, 0, 255]);
    expect(at('ground')).toEqual([0, 0, 0, 0]);
  },
);
