import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import {
  gradientChanges,
  gradientOverlay,
  type GradientFill,
} from '../../../../../renderer/engine/fill/gradient-fill.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { readDeepRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { tileSamples } from '../../../../../renderer/engine/tiles/tile.ts';

const GRADIENT: GradientFill = {
  shape: 'linear',
  from: { x: 0, y: 0 },
  to: { x: 200, y: 0 },
  stops: [
    { at: 0, colour: [1, 0, 0], opacity: 1 },
    { at: 1, colour: [0, 0, 1], opacity: 1 },
  ],
  opacity: 1,
  dither: false,
};

function empty(depth: 8 | 16): PaintDocument {
  return new PaintDocument(200, 60, [layerRecord({ id: 'a', name: 'a', mask: layerMask(1) })], { depth });
}

const read = (document: PaintDocument, x: number, y = 10): number[] => [
  ...readDeepRegion(document.layers.get('a').tiles, { x, y, width: 1, height: 1 }),
];

describe.each([8, 16] as const)('a gradient in %i bits', (depth) => {
  const maximum = 2 ** depth - 1;

  it('goes evenly from one colour to the other at the middles of pixels', () => {
    const document = empty(depth);
    document.apply(gradientChanges(document, 'a', null, GRADIENT));
    for (const x of [0, 50, 99, 150, 199]) {
      const place = (x + 0.5) / 200;
      expect(read(document, x)).toEqual([
        Math.round((1 - place) * maximum),
        0,
        Math.round(place * maximum),
        maximum,
      ]);
    }
  });

  it('fades into nothing without lending colour, and lies over what is there as source-over', () => {
    const document = empty(depth);
    document.apply(
      gradientChanges(document, 'a', null, {
        ...GRADIENT,
        stops: [{ at: 0, colour: [0, 1, 0], opacity: 1 }],
      }),
    );
    const fade: GradientFill = {
      ...GRADIENT,
      stops: [
        { at: 0, colour: [1, 1, 1], opacity: 1 },
        { at: 1, colour: [0, 0, 0], opacity: 0 },
      ],
    };
    document.apply(gradientChanges(document, 'a', null, fade));
    // Half way: half white, premultiplied, over green.
    const place = 100.5 / 200;
    const wanted = [(1 - place) * maximum, (1 - place + place) * maximum, (1 - place) * maximum];
    read(document, 100)
      .slice(0, 3)
      .forEach((value, k) => expect(Math.abs(value - (wanted[k] as number))).toBeLessThanOrEqual(1));
  });

  it('stays within the selection and keeps locked transparency', () => {
    const document = empty(depth);
    const mask = selectRectangle({ x: 50, y: 0, width: 20, height: 60 }, document.canvas);
    document.apply(gradientChanges(document, 'a', mask, GRADIENT));
    expect([
      read(document, 49)[3],
      read(document, 50)[3],
      read(document, 69)[3],
      read(document, 70)[3],
    ]).toEqual([0, maximum, maximum, 0]);
    document.apply([{ type: 'layer-props', layerId: 'a', props: { alphaLocked: true } }]);
    document.apply(
      gradientChanges(document, 'a', null, {
        ...GRADIENT,
        stops: [{ at: 0, colour: [1, 1, 0], opacity: 1 }],
      }),
    );
    expect(read(document, 60)).toEqual([maximum, maximum, 0, maximum]);
    expect(read(document, 80)[3]).toBe(0);
  });

  it('draws masks by its luma', () => {
    const document = empty(depth);
    const shades: GradientFill = {
      ...GRADIENT,
      stops: [
        { at: 0, colour: [0, 0, 0], opacity: 1 },
        { at: 1, colour: [1, 1, 1], opacity: 1 },
      ],
    };
    document.apply(gradientChanges(document, 'a', null, shades, 'mask'));
    const { mask } = document.layers.get('a');
    const samples = tileSamples(mask.tiles.get(0, 0) as Uint8Array, mask.format);
    for (const x of [0, 77, 199]) expect(samples[x]).toBe(Math.round(((x + 0.5) / 200) * maximum));
    expect(document.layers.get('a').tiles.size).toBe(0);
  });

  it('is seen before it is laid exactly as it will be', () => {
    const document = empty(depth);
    const dithered: GradientFill = { ...GRADIENT, shape: 'radial', dither: true };
    const shown = gradientOverlay(document, 'a', null, dithered).get(0, 0);
    document.apply(gradientChanges(document, 'a', null, dithered));
    expect(document.layers.get('a').tiles.get(0, 0)).toEqual(shown);
  });
});

it('dithers by at most one step and keeps the mean', () => {
  const document = new PaintDocument(512, 64, [layerRecord({ id: 'a', name: 'a' })]);
  const grey = 100.4 / 255;
  const flat: GradientFill = {
    ...GRADIENT,
    dither: true,
    stops: [{ at: 0, colour: [grey, grey, grey], opacity: 1 }],
  };
  document.apply(gradientChanges(document, 'a', null, flat));
  const pixels = readDeepRegion(document.layers.get('a').tiles, document.canvas);
  let sum = 0;
  const seen = new Set<number>();
  for (let i = 0; i < pixels.length; i += 4) {
    seen.add(pixels[i] as number);
    sum += pixels[i] as number;
  }
  expect(seen).toEqual(new Set([100, 101]));
  expect(sum / (pixels.length / 4)).toBeCloseTo(100.4, 1);
});
