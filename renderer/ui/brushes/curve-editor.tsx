import { useRef, useState } from 'react';
import { compileCurve, type CurvePoints } from '../../engine/brush/curve.ts';

interface CurveEditorProps {
  /** What the curve leads from and to, for screen readers: `Size by pressure`. */
  readonly label: string;
  readonly points: CurvePoints;
  readonly onChange: (points: CurvePoints) => void;
  readonly width: number;
  readonly height: number;
  /** Where the input is now, 0 … 1. */
  readonly live?: number | null;
}

type Point = CurvePoints[number];

/** Points within, each of which takes the keyboard. */
const GROUP = { role: 'group' } as const;
const HANDLE = { role: 'slider', tabIndex: 0 } as const;

const PADDING = 6;
const STEP = 0.02;
const MOST = 16;

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** Keeps points in order: one cannot pass its neighbours. */
function moved(points: CurvePoints, index: number, to: Point): CurvePoints {
  const low = (points[index - 1]?.[0] ?? -0.01) + 0.01;
  const high = (points[index + 1]?.[0] ?? 1.01) - 0.01;
  return points.with(index, [clamp(Math.min(high, Math.max(low, to[0]))), clamp(to[1])]);
}

/**
 * A curve over 0 … 1: drag points, click between them to add one, double-click or Delete to take one out; arrows move
 * the focused point by 2%.
 */
export function CurveEditor({ label, points, onChange, width, height, live = null }: CurveEditorProps) {
  const svg = useRef<SVGSVGElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const toX = (x: number): number => PADDING + x * (width - 2 * PADDING);
  const toY = (y: number): number => height - PADDING - y * (height - 2 * PADDING);
  const table = compileCurve(points);
  const path = Array.from(table, (y, i) => `${i === 0 ? 'M' : 'L'}${toX(i / 256)} ${toY(y)}`).join('');

  const at = (event: { readonly clientX: number; readonly clientY: number }): Point => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return [0, 0];
    return [
      clamp((event.clientX - box.left - PADDING) / (width - 2 * PADDING)),
      clamp(1 - (event.clientY - box.top - PADDING) / (height - 2 * PADDING)),
    ];
  };
  const remove = (index: number): void => {
    if (points.length > 1) onChange(points.filter((_, i) => i !== index));
  };

  const down = (event: React.PointerEvent): void => {
    event.preventDefault();
    svg.current?.setPointerCapture(event.pointerId);
    const [x, y] = at(event);
    const near = points.findIndex(([px, py]) => Math.hypot(toX(px) - toX(x), toY(py) - toY(y)) < 12);
    if (near >= 0) {
      setDragged(near);
      return;
    }
    if (points.length >= MOST) return;
    const index = points.findIndex(([px]) => px > x);
    const place = index === -1 ? points.length : index;
    onChange(points.toSpliced(place, 0, [x, y]));
    setDragged(place);
  };

  return (
    <svg
      ref={svg}
      className="curve-editor"
      width={width}
      height={height}
      {...GROUP}
      aria-label={label}
      onPointerDown={down}
      onPointerMove={(event) => {
        if (dragged !== null) onChange(moved(points, dragged, at(event)));
      }}
      onPointerUp={() => setDragged(null)}
      onPointerCancel={() => setDragged(null)}
      onDoubleClick={(event) => {
        const [x, y] = at(event);
        const near = points.findIndex(([px, py]) => Math.hypot(toX(px) - toX(x), toY(py) - toY(y)) < 12);
        if (near >= 0) remove(near);
      }}
    >
      <path className="curve-grid" d={`M${toX(0)} ${toY(0.5)}H${toX(1)}M${toX(0.5)} ${toY(0)}V${toY(1)}`} />
      <path className="curve-line" d={path} />
      {live !== null && (
        <circle
          className="curve-live"
          cx={toX(live)}
          cy={toY(table[Math.round(clamp(live) * 256)] ?? 0)}
          r={4}
        />
      )}
      {points.map(([x, y], index) => (
        <circle
          // Points have no identity but their order.
          key={index}
          className="curve-point"
          cx={toX(x)}
          cy={toY(y)}
          r={5}
          {...HANDLE}
          aria-label={`${label}, point ${index + 1}`}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(y * 100)}
          aria-valuetext={`${Math.round(x * 100)}% gives ${Math.round(y * 100)}%`}
          onKeyDown={(event) => {
            const by: Record<string, Point> = {
              ArrowLeft: [-STEP, 0],
              ArrowRight: [STEP, 0],
              ArrowUp: [0, STEP],
              ArrowDown: [0, -STEP],
            };
            const step = by[event.key];
            if (step) onChange(moved(points, index, [x + step[0], y + step[1]]));
            else if (event.key === 'Delete' || event.key === 'Backspace') remove(index);
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      ))}
    </svg>
  );
}
