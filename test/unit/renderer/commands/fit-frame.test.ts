import { expect, test } from 'vitest';
import { nextFit } from '../../../../renderer/commands/fit-frame.ts';

const canvas = { width: 400, height: 300 };
const whole = { x: 0, y: 0, ...canvas };
const selection = { name: 'the selection', rect: { x: 50, y: 60, width: 100, height: 120 } };
const layer = { name: 'the layer', rect: { x: 10, y: 10, width: 200, height: 200 } };
const places = [selection, layer, { name: 'the canvas', rect: whole }];

test('the frame goes from the selection to the layer to the canvas, and round', () => {
  expect(nextFit(places, null, canvas)?.name).toBe('the selection');
  expect(nextFit(places, selection.rect, canvas)?.name).toBe('the layer');
  expect(nextFit(places, layer.rect, canvas)?.name).toBe('the canvas');
  expect(nextFit(places, whole, canvas)?.name).toBe('the selection');
  expect(nextFit(places, { x: 1, y: 1, width: 64, height: 64 }, canvas)?.name).toBe('the selection');
});

test('a place that is the same as another is not gone to twice', () => {
  const sheet = { name: 'the layer', rect: whole };
  expect(nextFit([selection, sheet, { name: 'the canvas', rect: whole }], whole, canvas)?.name).toBe(
    'the selection',
  );
});

test('what is small or hangs over the edge becomes a frame that may be', () => {
  const dot = { name: 'the selection', rect: { x: 390, y: -5, width: 30, height: 8 } };
  expect(nextFit([dot], null, canvas)?.rect).toEqual({ x: 336, y: 0, width: 64, height: 64 });
  const off = { name: 'the layer', rect: { x: 900, y: 0, width: 30, height: 8 } };
  expect(nextFit([off], null, canvas)).toBeUndefined();
  expect(nextFit([dot], null, { width: 1, height: 1 })).toBeUndefined();
});
