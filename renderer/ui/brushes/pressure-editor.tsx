import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import {
  deviceOf,
  LINEAR,
  measuredCurve,
  PRESSURE_PRESETS,
  setPressureCurve,
  usePressure,
} from '../../state/pressure-store.ts';
import { ValueSlider } from '../controls/value-slider.tsx';
import { CurveEditor } from './curve-editor.tsx';

const STROKES = 5;
/** A surface that is drawn on. */
const SURFACE = { role: 'img' } as const;

/** A place to draw five strokes, whose pressures become the whole range. */
function MeasureField({ onDone }: { onDone: (pressures: readonly number[]) => void }) {
  const [strokes, setStrokes] = useState(0);
  const pressures = useRef<number[]>([]);
  const down = useRef(false);
  return (
    <div
      className="measure-field"
      {...SURFACE}
      aria-label={`Draw ${STROKES - strokes} more strokes here as you would paint, light to firm`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        down.current = true;
      }}
      onPointerMove={(event) => {
        if (!down.current) return;
        const events = event.nativeEvent.getCoalescedEvents();
        pressures.current.push(...(events.length > 0 ? events : [event]).map(({ pressure }) => pressure));
      }}
      onPointerUp={() => {
        down.current = false;
        setStrokes(strokes + 1);
        if (strokes + 1 === STROKES) onDone(pressures.current);
      }}
    >
      {STROKES - strokes === 1 ? 'One more stroke' : `Draw ${STROKES - strokes} strokes here, light to firm`}
    </div>
  );
}

/** The pen's reading, shown until two seconds after it was last seen. */
function useLivePressure(): number | null {
  const live = usePressure((state) => state.live);
  const [gone, setGone] = useState<typeof live>(null);
  useEffect(() => {
    const timer = setTimeout(() => setGone(live), 2000);
    return () => clearTimeout(timer);
  }, [live]);
  return live && live !== gone ? live.raw : null;
}

/** How this device's pressure becomes the studio's, applied once before any brush sees it. */
export function PressureEditor() {
  const device = deviceOf('pen');
  const curve = usePressure((state) => state.curves[device] ?? LINEAR);
  const live = useLivePressure();
  const [measuring, setMeasuring] = useState(false);
  const [outcome, setOutcome] = useState('');
  return (
    <div className="pressure-editor">
      <CurveEditor
        label="Pen pressure"
        points={curve.points}
        width={220}
        height={220}
        live={live}
        onChange={(points) => setPressureCurve(device, { ...curve, points })}
      />
      <div className="pressure-buttons">
        {Object.entries(PRESSURE_PRESETS).map(([name, preset]) => (
          <Button className="button" key={name} onPress={() => setPressureCurve(device, preset)}>
            {name}
          </Button>
        ))}
      </div>
      <ValueSlider
        label="Floor"
        value={curve.floor}
        minimum={0}
        maximum={0.1}
        step={0.01}
        format={{ style: 'percent' }}
        onChange={(floor) => setPressureCurve(device, { ...curve, floor })}
      />
      {measuring ? (
        <MeasureField
          onDone={(pressures) => {
            setMeasuring(false);
            const measured = measuredCurve(pressures);
            if (measured) setPressureCurve(device, measured);
            setOutcome(
              measured
                ? `Measured: what you press from ${Math.round((measured.points[1]?.[0] ?? 0) * 100)}% to ${Math.round((measured.points[2]?.[0] ?? 1) * 100)}% is now the whole range.`
                : 'These strokes were all alike: nothing was changed. Draw with a pen, from light to firm.',
            );
          }}
        />
      ) : (
        <Button className="button" onPress={() => setMeasuring(true)}>
          Measure mine
        </Button>
      )}
      <output className="caption dim">{outcome || `For the ${device}.`}</output>
    </div>
  );
}
