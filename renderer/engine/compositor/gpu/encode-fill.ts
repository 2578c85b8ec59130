import { packStops } from '../../fill/gradient.ts';
import { GRADIENT_SHAPES, type Fill } from '../../layers/fill.ts';

/** A fill as the shader reads it: 0 and the colour; or 1, shape, from, to, count and the stops. */
export function encodeFill(fill: Fill): number[] {
  if (fill.type === 'solid') return [0, ...fill.colour];
  const { shape, from, to } = fill;
  const { count, values } = packStops(fill.stops.map(({ at, colour, opacity }) => [at, ...colour, opacity]));
  return [1, GRADIENT_SHAPES.indexOf(shape), from.x, from.y, to.x, to.y, count, ...values];
}
