import { useState } from 'react';
import type { AdjustmentSettings, BalanceShift } from '../../../engine/layers/adjustment-settings.ts';
import { SelectField } from '../../controls/select-field.tsx';
import { ValueSlider } from '../../controls/value-slider.tsx';
import { CheckField } from './check-field.tsx';
import type { EditorProps } from './editor-props.ts';
import { StopsEditor } from './stops-editor.tsx';

type Of<Type extends AdjustmentSettings['type']> = Extract<AdjustmentSettings, { type: Type }>;
type Props<Type extends AdjustmentSettings['type']> = EditorProps<AdjustmentSettings> & {
  readonly value: Of<Type>;
};

interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly step?: number;
  readonly format?: Intl.NumberFormatOptions;
}

const SIGNED_PERCENT: Range = { minimum: -1, maximum: 1, step: 0.01, format: { style: 'percent' } };
const PERCENT: Range = { minimum: 0, maximum: 1, step: 0.01, format: { style: 'percent' } };

/** A slider for one number of the settings. */
function Amount({
  label,
  value,
  range,
  change,
  onChange,
  onChangeEnd,
}: {
  readonly label: string;
  readonly value: number;
  readonly range: Range;
  readonly change: (next: number) => AdjustmentSettings;
  readonly onChange: (next: AdjustmentSettings) => void;
  readonly onChangeEnd: (next: AdjustmentSettings) => void;
}) {
  return (
    <ValueSlider
      label={label}
      value={value}
      {...range}
      onChange={(next) => onChange(change(next))}
      onChangeEnd={(next) => onChangeEnd(change(next))}
    />
  );
}

/** Hue, saturation, lightness; one hue for everything when asked. */
export function HueEditor({ value, ...on }: Props<'hue-saturation'>) {
  const { colorize } = value;
  const degrees: Range = colorize ? { minimum: 0, maximum: 360 } : { minimum: -180, maximum: 180 };
  return (
    <div className="effect-body">
      <Amount label="Hue" value={value.hue} range={degrees} change={(hue) => ({ ...value, hue })} {...on} />
      <Amount
        label="Saturation"
        value={value.saturation}
        range={colorize ? PERCENT : SIGNED_PERCENT}
        change={(saturation) => ({ ...value, saturation })}
        {...on}
      />
      <Amount
        label="Lightness"
        value={value.lightness}
        range={SIGNED_PERCENT}
        change={(lightness) => ({ ...value, lightness })}
        {...on}
      />
      <CheckField
        label="One hue for everything"
        value={colorize}
        onChange={(next) =>
          on.onChangeEnd({ ...value, colorize: next, hue: next ? 30 : 0, saturation: next ? 0.4 : 0 })
        }
      />
    </div>
  );
}

const TONES = [
  { id: 'shadows', name: 'Shadows' },
  { id: 'midtones', name: 'Midtones' },
  { id: 'highlights', name: 'Highlights' },
] as const;
const AXES = ['Cyan to red', 'Magenta to green', 'Yellow to blue'] as const;

/** Shifts of colour for dark, middle and light tones. */
export function BalanceEditor({ value, ...on }: Props<'colour-balance'>) {
  const [tone, setTone] = useState<(typeof TONES)[number]['id']>('midtones');
  const shift = value[tone];
  const change = (axis: number, next: number): AdjustmentSettings => {
    const [red, green, blue] = shift.map((each, at) => (at === axis ? next : each));
    const changed: BalanceShift = [red ?? 0, green ?? 0, blue ?? 0];
    return { ...value, [tone]: changed };
  };
  return (
    <div className="effect-body">
      <SelectField
        label="Tones"
        value={tone}
        options={TONES}
        onChange={(id) => setTone(TONES.find((each) => each.id === id)?.id ?? 'midtones')}
      />
      {AXES.map((label, axis) => (
        <Amount
          key={label}
          label={label}
          value={shift[axis] ?? 0}
          range={SIGNED_PERCENT}
          change={(next) => change(axis, next)}
          {...on}
        />
      ))}
      <CheckField
        label="Keep luminosity"
        value={value.preserveLuminosity}
        onChange={(next) => on.onChangeEnd({ ...value, preserveLuminosity: next })}
      />
    </div>
  );
}

/** Colours for dark to light. */
export function GradientMapEditor({ value, ...on }: Props<'gradient-map'>) {
  const stops = value.stops.map((stop) => ({ ...stop, opacity: 1 }));
  const change = (next: typeof stops): AdjustmentSettings => ({
    ...value,
    stops: next.map(({ at, colour }) => ({ at, colour })),
  });
  return (
    <div className="effect-body">
      <StopsEditor
        value={stops}
        onChange={(next) => on.onChange(change([...next]))}
        onChangeEnd={(next) => on.onChangeEnd(change([...next]))}
      />
      <CheckField
        label="Light to dark"
        value={value.reverse}
        onChange={(reverse) => on.onChangeEnd({ ...value, reverse })}
      />
    </div>
  );
}

/** Brightness and contrast. */
export function BrightnessEditor({ value, ...on }: Props<'brightness-contrast'>) {
  return (
    <div className="effect-body">
      <Amount
        label="Brightness"
        value={value.brightness}
        range={SIGNED_PERCENT}
        change={(brightness) => ({ ...value, brightness })}
        {...on}
      />
      <Amount
        label="Contrast"
        value={value.contrast}
        range={SIGNED_PERCENT}
        change={(contrast) => ({ ...value, contrast })}
        {...on}
      />
    </div>
  );
}

/** Exposure in stops, offset and gamma. */
export function ExposureEditor({ value, ...on }: Props<'exposure'>) {
  return (
    <div className="effect-body">
      <Amount
        label="Exposure"
        value={value.exposure}
        range={{ minimum: -10, maximum: 10, step: 0.05 }}
        change={(exposure) => ({ ...value, exposure })}
        {...on}
      />
      <Amount
        label="Offset"
        value={value.offset}
        range={{ minimum: -0.5, maximum: 0.5, step: 0.001 }}
        change={(offset) => ({ ...value, offset })}
        {...on}
      />
      <Amount
        label="Gamma"
        value={value.gamma}
        range={{ minimum: 0.1, maximum: 5, step: 0.01 }}
        change={(gamma) => ({ ...value, gamma })}
        {...on}
      />
    </div>
  );
}

/** How many levels a channel keeps. */
export function PosterizeEditor({ value, ...on }: Props<'posterize'>) {
  return (
    <div className="effect-body">
      <Amount
        label="Levels"
        value={value.levels}
        range={{ minimum: 2, maximum: 64, step: 1 }}
        change={(levels) => ({ ...value, levels: Math.round(levels) })}
        {...on}
      />
    </div>
  );
}

/** From which lightness on a pixel is white. */
export function ThresholdEditor({ value, ...on }: Props<'threshold'>) {
  return (
    <div className="effect-body">
      <Amount
        label="Level"
        value={value.level}
        range={PERCENT}
        change={(level) => ({ ...value, level })}
        {...on}
      />
    </div>
  );
}
