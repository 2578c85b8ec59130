import { ToggleButton } from 'react-aria-components';
import { GRADIENT_SHAPES, type GradientShape } from '../../engine/layers/fill.ts';
import { type GradientSettings, usePaint } from '../../state/paint-store.ts';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';

const SHAPES: Readonly<Record<GradientShape, string>> = {
  linear: 'Linear',
  radial: 'Radial',
  angle: 'Angle',
  reflected: 'Reflected',
  diamond: 'Diamond',
};

const ENDS = [
  { id: 'background', name: 'To the other colour' },
  { id: 'nothing', name: 'To transparent' },
] as const;

/** How the next gradient is laid. */
export function GradientOptions() {
  const gradient = usePaint((state) => state.gradient);
  const change = (part: Partial<GradientSettings>): void =>
    usePaint.setState({ gradient: { ...gradient, ...part } });
  return (
    <>
      <SelectField
        label="Shape"
        value={gradient.shape}
        options={GRADIENT_SHAPES.map((id) => ({ id, name: SHAPES[id] }))}
        onChange={(id) => change({ shape: GRADIENT_SHAPES.find((shape) => shape === id) ?? 'linear' })}
      />
      <SelectField
        label="Colours"
        value={gradient.ends}
        options={ENDS}
        onChange={(id) => change({ ends: id === 'nothing' ? 'nothing' : 'background' })}
      />
      <ValueSlider
        label="Opacity"
        value={gradient.opacity}
        minimum={0.01}
        maximum={1}
        step={0.01}
        format={{ style: 'percent' }}
        onChange={(opacity) => change({ opacity })}
      />
      <ToggleButton
        className="button toggle"
        isSelected={gradient.reverse}
        onChange={(reverse) => change({ reverse })}
      >
        Reverse
      </ToggleButton>
      <ToggleButton
        className="button toggle"
        isSelected={gradient.dither}
        onChange={(dither) => change({ dither })}
      >
        Dither
      </ToggleButton>
      <span className="dim caption ellipsis">Shift holds the line to 15°.</span>
    </>
  );
}
