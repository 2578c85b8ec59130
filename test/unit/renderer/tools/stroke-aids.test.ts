import { describe, expect, test } from 'vitest';
import { type Brush, brushWith, type Sample } from '../../../../renderer/engine/brush/brush.ts';
import { beginStroke } from '../../../../renderer/engine/brush/stroke.ts';
import { PaintDocument } from '../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import { clearStrokeAid, strokeAid } from '../../../../renderer/state/stroke-aid.ts';
import { showString, showTail } from '../../../../renderer/tools/brush/stroke-aids.ts';

const sample = (x: number, pressure = 1): Sample => ({
  x,
  y: 50,
  pressure,
  tiltX: 0,
  tiltY: 0,
  twist: 0,
  time: x,
});
const PLAIN = brushWith({ size: 20, hardness: 1, stabiliser: 0 });

describe('aids of a stroke', () => {
  test('predicted readings draw a tail as wide as the dab, and no paint', () => {
    const document = new PaintDocument(200, 100, [layerRecord({ id: 'a' })]);
    const brush: Brush = {
      ...PLAIN,
      dynamics: {
        size: [
          {
            sensor: 'pressure',
            curve: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
    };
    const stroke = beginStroke(document, 'a', brush, [10, 20, 30]);
    stroke.extend([sample(10, 0.5), sample(40, 0.5)]);
    const bounds = document.layers.get('a').overlay?.bounds;
    showTail(brush, '#0a141e', [sample(40, 0.5), sample(55, 0.5), sample(70, 0.5)]);
    expect(strokeAid.getState().tail).toMatchObject({
      points: [
        { x: 40, y: 50 },
        { x: 55, y: 50 },
        { x: 70, y: 50 },
      ],
      size: 10,
      colour: '#0a141e',
    });
    expect(document.layers.get('a').overlay?.bounds).toEqual(bounds);
    clearStrokeAid();
    expect(strokeAid.getState()).toEqual({ string: null, tail: null });
    stroke.abort();
  });

  test.each<[string, Partial<Brush>]>([
    ['smoothed', { stabiliser: 4 }],
    ['soft', { hardness: 0 }],
    ['grained', { grain: { pattern: 'paper', size: 4, depth: 0.5 } }],
    ['mixing', { mixing: { pickup: 0.5, length: 0.5, smear: false } }],
    ['on a string', { string: 30 }],
  ])('a brush that is %s gets no tail, which would look otherwise than its paint', (_name, change) => {
    showTail({ ...PLAIN, ...change }, '#000000', [sample(1), sample(9)]);
    expect(strokeAid.getState().tail).toBeNull();
  });

  test('the string goes from the tip to the pen', () => {
    const document = new PaintDocument(200, 100, [layerRecord({ id: 'a' })]);
    const brush = { ...PLAIN, string: 30 };
    const stroke = beginStroke(document, 'a', brush, [0, 0, 0]);
    stroke.extend([sample(10), sample(100)]);
    showString(brush, stroke, sample(100));
    const { string } = strokeAid.getState();
    expect(string?.pen.x).toBe(100);
    expect(string?.tip.x).toBeCloseTo(70, 6);
    stroke.abort();
    clearStrokeAid();
  });
});
