import type { VectorContent } from 'ag-psd';
import type { Fill, FillPoint, GradientStop } from '../../layers/fill.ts';
import { fromPsdColour, toPsdColour } from './colours.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

type GradientContent = Extract<VectorContent, { type: 'solid' }>;

/** A PSD's fill in the engine's terms; null for patterns and noise gradients. */
export function fromPsdFill(content: VectorContent, canvas: Size): Fill | null {
  if (content.type === 'color') return { type: 'solid', colour: fromPsdColour(content.color) };
  if (content.type !== 'solid') return null;
  const stops = gradientStops(content);
  if (stops.length === 0) return null;
  const shape = content.style ?? 'linear';
  const { from, to } = gradientLine(content, shape === 'linear', canvas);
  return { type: 'gradient', shape, stops, from, to };
}

/** The engine's fill in a PSD's terms. */
export function toPsdFill(fill: Fill, canvas: Size): VectorContent {
  if (fill.type === 'solid') return { type: 'color', color: toPsdColour(fill.colour) };
  const { from, to, shape } = fill;
  const centre = shape === 'linear' ? { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 } : from;
  const angle = (Math.atan2(from.y - to.y, to.x - from.x) * 180) / Math.PI;
  const length = Math.hypot(to.x - from.x, to.y - from.y) * (shape === 'linear' ? 1 : 2);
  return {
    type: 'solid',
    name: 'Custom',
    smoothness: 0,
    style: shape,
    angle,
    scale: length / reach(angle, canvas),
    reverse: false,
    dither: false,
    align: false,
    offset: { x: centre.x / canvas.width - 0.5, y: centre.y / canvas.height - 0.5 },
    colorStops: fill.stops.map(({ at, colour }) => ({
      location: at,
      midpoint: 0.5,
      color: toPsdColour(colour),
    })),
    opacityStops: fill.stops.map(({ at, opacity }) => ({ location: at, midpoint: 0.5, opacity })),
  };
}

/** Length of the canvas seen along a direction: what a scale of 100% covers. */
function reach(angle: number, { width, height }: Size): number {
  const turn = (angle * Math.PI) / 180;
  return Math.abs(width * Math.cos(turn)) + Math.abs(height * Math.sin(turn));
}

function gradientLine(
  { angle = 0, scale = 1, offset }: GradientContent,
  linear: boolean,
  canvas: Size,
): { from: FillPoint; to: FillPoint } {
  const turn = (angle * Math.PI) / 180;
  const half = (reach(angle, canvas) * scale) / 2;
  const x = canvas.width * (0.5 + (offset?.x ?? 0));
  const y = canvas.height * (0.5 + (offset?.y ?? 0));
  // Angles turn anticlockwise; y goes down.
  const dx = Math.cos(turn) * half;
  const dy = -Math.sin(turn) * half;
  return { from: linear ? { x: x - dx, y: y - dy } : { x, y }, to: { x: x + dx, y: y + dy } };
}

/** Colour and opacity stops stand apart in a PSD; each place of either becomes a stop of both. */
function gradientStops({ colorStops, opacityStops, reverse }: GradientContent): GradientStop[] {
  const colours = spread(
    colorStops.map(({ location, midpoint, color }) => ({
      at: location,
      midpoint,
      value: fromPsdColour(color),
    })),
  );
  const opacities = spread(
    opacityStops.map(({ location, midpoint, opacity }) => ({ at: location, midpoint, value: [opacity] })),
  );
  if (colours.length === 0) return [];
  const places = [...new Set([...colours, ...opacities].map(({ at }) => at))].toSorted((a, b) => a - b);
  const stops = places.map((at) => {
    const [r = 0, g = 0, b = 0] = valueAt(colours, at);
    const [opacity = 1] = opacities.length > 0 ? valueAt(opacities, at) : [1];
    return { at, colour: [r, g, b] as const, opacity };
  });
  return reverse === true ? stops.map((stop) => ({ ...stop, at: 1 - stop.at })).toReversed() : stops;
}

interface Stop {
  readonly at: number;
  readonly value: readonly number[];
}

/** Sorted stops with one more where a midpoint is not the middle. */
function spread(given: readonly (Stop & { readonly midpoint: number })[]): Stop[] {
  const sorted = given
    .map((stop) => ({ ...stop, at: Math.min(1, Math.max(0, stop.at)) }))
    .toSorted((a, b) => a.at - b.at);
  return sorted.flatMap((stop, i) => {
    const next = sorted[i + 1];
    if (!next || Math.abs(stop.midpoint - 0.5) < 0.005 || next.at <= stop.at) return [stop];
    const value = stop.value.map((low, k) => (low + (next.value[k] ?? low)) / 2);
    return [stop, { at: stop.at + (next.at - stop.at) * stop.midpoint, value }];
  });
}

function valueAt(stops: readonly Stop[], at: number): readonly number[] {
  const next = stops.findIndex((stop) => stop.at >= at);
  const [first, last] = [stops[0], stops.at(-1)];
  if (!first || !last) return [];
  if (next === 0) return first.value;
  if (next === -1) return last.value;
  const [a, b] = [stops[next - 1] as Stop, stops[next] as Stop];
  const share = b.at > a.at ? (at - a.at) / (b.at - a.at) : 1;
  return a.value.map((low, k) => low + ((b.value[k] ?? low) - low) * share);
}
