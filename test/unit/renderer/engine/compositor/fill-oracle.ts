import type { Fill } from '../../../../../renderer/engine/layers/fill.ts';
import type { Colour, OraclePixel } from './w3c-oracle.ts';

/** A fill's pixel in float64, by plain geometry; it shares no code with the engine. */
export function fillOracle(fill: Fill, x: number, y: number): OraclePixel {
  if (fill.type === 'solid') return { c: [...fill.colour] as Colour, a: 1 };
  const [dx, dy] = [fill.to.x - fill.from.x, fill.to.y - fill.from.y];
  const [px, py] = [x - fill.from.x, y - fill.from.y];
  const length = Math.hypot(dx, dy);
  // Unit vectors along the gradient and across it.
  const along = (px * dx + py * dy) / length / length;
  const across = (-px * dy + py * dx) / length / length;
  const place = {
    linear: along,
    reflected: Math.abs(along),
    radial: Math.hypot(px, py) / length,
    diamond: Math.abs(along) + Math.abs(across),
    angle: ((((Math.atan2(py, px) - Math.atan2(dy, dx)) / (2 * Math.PI)) % 1) + 1) % 1,
  }[fill.shape];
  const { stops } = fill;
  const after = stops.findIndex(({ at }) => at > place);
  const low = stops[after === -1 ? stops.length - 1 : Math.max(0, after - 1)]!;
  const high = after === -1 ? low : stops[after]!;
  const t = high.at === low.at ? 0 : (place - low.at) / (high.at - low.at);
  const mix = (a: number, b: number): number => a + (b - a) * Math.min(1, Math.max(0, t));
  return {
    c: [0, 1, 2].map((k) => mix(low.colour[k]!, high.colour[k]!)) as Colour,
    a: mix(low.opacity, high.opacity),
  };
}
