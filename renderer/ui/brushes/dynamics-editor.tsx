import { Plus, X } from 'lucide-react';
import {
  type Brush,
  type Dynamic,
  DYNAMIC_PARAMETERS,
  type DynamicParameter,
  type Sensor,
  SENSORS,
} from '../../engine/brush/brush.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { CurveEditor } from './curve-editor.tsx';

const PARAMETER_NAMES: Record<DynamicParameter, string> = {
  size: 'Size',
  opacity: 'Opacity',
  flow: 'Flow',
  hardness: 'Hardness',
  roundness: 'Roundness',
  angle: 'Angle',
  scatter: 'Scatter',
  spacing: 'Spacing',
  count: 'Count',
  grain: 'Grain',
  jitter: 'Colour jitter',
  pickup: 'Colour taken up',
};

const SENSOR_NAMES: Record<Sensor, string> = {
  pressure: 'Pressure',
  tilt: 'Tilt',
  azimuth: 'Azimuth',
  twist: 'Twist',
  speed: 'Speed',
  direction: 'Direction',
  random: 'Random',
  fade: 'Fade',
};

const SENSOR_OPTIONS = SENSORS.map((id) => ({ id, name: SENSOR_NAMES[id] }));

const STRAIGHT: Dynamic['curve'] = [
  [0, 0],
  [1, 1],
];

interface DynamicsEditorProps {
  readonly brush: Brush;
  readonly onChange: (dynamics: Brush['dynamics']) => void;
}

/** Which parameters follow which sensors, each by its curve. */
export function DynamicsEditor({ brush, onChange }: DynamicsEditorProps) {
  const set = (parameter: DynamicParameter, list: readonly Dynamic[]): void =>
    onChange({ ...brush.dynamics, [parameter]: list.length > 0 ? list : undefined });
  return (
    <div className="dynamics">
      {DYNAMIC_PARAMETERS.map((parameter) => {
        const list = brush.dynamics[parameter] ?? [];
        const name = PARAMETER_NAMES[parameter];
        const unused = SENSORS.find((sensor) => !list.some((each) => each.sensor === sensor));
        return (
          <section className="dynamic" key={parameter} aria-label={`${name} follows`}>
            <header className="dynamic-head">
              <span className="grow">{name}</span>
              {list.length === 0 && <span className="dim caption">always the same</span>}
              <IconButton
                icon={Plus}
                size={16}
                label={`Let ${name.toLowerCase()} follow another sensor`}
                isDisabled={unused === undefined}
                onPress={() => {
                  if (unused) set(parameter, [...list, { sensor: unused, curve: STRAIGHT }]);
                }}
              />
            </header>
            {list.map((dynamic, index) => (
              <div className="dynamic-row" key={dynamic.sensor}>
                <CurveEditor
                  label={`${name} by ${SENSOR_NAMES[dynamic.sensor].toLowerCase()}`}
                  points={dynamic.curve}
                  width={132}
                  height={84}
                  onChange={(curve) => set(parameter, list.with(index, { ...dynamic, curve }))}
                />
                <div className="dynamic-side">
                  <SelectField
                    label={`${name} follows`}
                    hideLabel
                    value={dynamic.sensor}
                    options={SENSOR_OPTIONS.filter(
                      ({ id }) => id === dynamic.sensor || !list.some(({ sensor }) => sensor === id),
                    )}
                    onChange={(id) => {
                      const sensor = SENSORS.find((each) => each === id);
                      if (sensor) set(parameter, list.with(index, { ...dynamic, sensor }));
                    }}
                  />
                  <IconButton
                    icon={X}
                    size={16}
                    label={`${name} no longer follows ${SENSOR_NAMES[dynamic.sensor].toLowerCase()}`}
                    onPress={() =>
                      set(
                        parameter,
                        list.filter((_, i) => i !== index),
                      )
                    }
                  />
                </div>
              </div>
            ))}
          </section>
        );
      })}
    </div>
  );
}
