import { useRef, useState } from 'react';
import { compileCurve } from '../../../engine/brush/curve.ts';
import type { AdjustmentSettings, CurvePointList } from '../../../engine/layers/adjustment-settings.ts';
import { NumberInput } from '../../controls/number-input.tsx';
import { ChannelChoice, type ChannelId } from './channel-choice.tsx';
import type { EditorProps } from './editor-props.ts';
import { HistogramBars } from './histogram-bars.tsx';

type Curves = Extract<AdjustmentSettings, { type: 'curves' }>;
type Point = readonly [x: number, y: number];

const STRAIGHT: CurvePointList = [
  [0, 0],
  [1, 1],
];
/** Points keep this far apart: one 8-bit value. */
const GAP = 1 / 255;
const MOST_POINTS = 16;

const byte = (value: number): number => Math.round(value * 255);
const unit = (value: number): number => Math.min(1, Math.max(0, value));

/** The list with one point moved, held between its neighbours. */
function movePoint(points: CurvePointList, index: number, [x, y]: Point): CurvePointList {
  const low = (points[index - 1]?.[0] ?? -GAP) + GAP;
  const high = (points[index + 1]?.[0] ?? 1 + GAP) - GAP;
  return points.map((point, at) => (at === index ? [Math.min(high, Math.max(low, x)), unit(y)] : point));
}

/** A tone curve: points are dragged, added by a click on the line, moved by arrows, typed, and removed by Delete. */
export function CurvesEditor({
  value,
  onChange,
  onChangeEnd,
  layerId,
}: EditorProps<AdjustmentSettings> & { readonly value: Curves; readonly layerId: string }) {
  const [channel, setChannel] = useState<ChannelId>('rgb');
  const [chosen, setChosen] = useState(0);
  const graph = useRef<HTMLDivElement>(null);
  const points = value[channel] ?? STRAIGHT;
  const index = Math.min(chosen, points.length - 1);
  const [input = 0, output = 0] = points[index] ?? [];
  const withPoints = (next: CurvePointList): Curves => ({ ...value, [channel]: next });
  const at = (event: React.PointerEvent): Point => {
    const box = graph.current?.getBoundingClientRect();
    if (!box) return [0, 0];
    return [unit((event.clientX - box.left) / box.width), unit(1 - (event.clientY - box.top) / box.height)];
  };
  const remove = (which: number): void => {
    if (points.length <= 2) return;
    setChosen(Math.max(0, which - 1));
    onChangeEnd(withPoints(points.toSpliced(which, 1)));
  };
  const add = (point: Point): void => {
    if (points.length >= MOST_POINTS) return;
    const place = points.findIndex(([x]) => x > point[0]);
    const where = place === -1 ? points.length : place;
    const next = points.toSpliced(where, 0, point);
    setChosen(where);
    onChangeEnd(withPoints(movePoint(next, where, point)));
  };
  const addBetween = (): void => {
    const [x0, y0] = points[Math.min(index, points.length - 2)] ?? [0, 0];
    const [x1, y1] = points[Math.min(index, points.length - 2) + 1] ?? [1, 1];
    add([(x0 + x1) / 2, (y0 + y1) / 2]);
  };
  const line = [...compileCurve(points)].map((y, x) => `${x},${256 - y * 256}`).join(' ');
  return (
    <div className="effect-body">
      <ChannelChoice
        value={channel}
        onChange={(next) => {
          setChannel(next);
          setChosen(0);
        }}
      />
      <div
        className="effect-graph curves"
        ref={graph}
        role="presentation"
        onPointerDown={(event) => {
          if (event.target === event.currentTarget || event.target instanceof SVGElement) add(at(event));
        }}
      >
        <svg viewBox="0 0 256 256" preserveAspectRatio="none" aria-hidden>
          <g transform="scale(1 2.56)">
            <HistogramBars layerId={layerId} channel={channel} />
          </g>
          <line className="grid" x1={0} y1={256} x2={256} y2={0} />
          <polyline className="curve" points={line} />
        </svg>
        {points.map(([x, y], which) => (
          <button
            // Points have no identity but their place.
            key={which}
            type="button"
            className="curve-point"
            data-chosen={which === index}
            style={{ left: `${x * 100}%`, top: `${(1 - y) * 100}%` }}
            aria-label={`Point ${which + 1} of ${points.length}, input ${byte(x)}, output ${byte(y)}`}
            onFocus={() => setChosen(which)}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              setChosen(which);
            }}
            onPointerMove={(event) => {
              if (event.currentTarget.hasPointerCapture(event.pointerId))
                onChange(withPoints(movePoint(points, which, at(event))));
            }}
            onPointerUp={(event) => {
              if (event.currentTarget.hasPointerCapture(event.pointerId))
                onChangeEnd(withPoints(movePoint(points, which, at(event))));
            }}
            onKeyDown={(event) => {
              const step = (event.shiftKey ? 10 : 1) / 255;
              const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
              const [dx, dy] = move[event.key as keyof typeof move] ?? [];
              if (dx !== undefined && dy !== undefined) {
                event.preventDefault();
                event.stopPropagation();
                onChangeEnd(withPoints(movePoint(points, which, [x + dx * step, y + dy * step])));
              } else if (event.key === 'Delete' || event.key === 'Backspace') {
                event.preventDefault();
                event.stopPropagation();
                remove(which);
              }
            }}
          />
        ))}
      </div>
      <div className="pair">
        <NumberInput
          label="Input"
          value={byte(input)}
          minimum={0}
          maximum={255}
          onChange={(next) => onChangeEnd(withPoints(movePoint(points, index, [next / 255, output])))}
        />
        <NumberInput
          label="Output"
          value={byte(output)}
          minimum={0}
          maximum={255}
          onChange={(next) => onChangeEnd(withPoints(movePoint(points, index, [input, next / 255])))}
        />
      </div>
      <div className="pair">
        <button type="button" className="button" disabled={points.length >= MOST_POINTS} onClick={addBetween}>
          Add point
        </button>
        <button type="button" className="button" disabled={points.length <= 2} onClick={() => remove(index)}>
          Remove point
        </button>
      </div>
    </div>
  );
}
