import { useState } from 'react';
import type { AdjustmentSettings, LevelsChannel } from '../../../engine/layers/adjustment-settings.ts';
import { ValueSlider } from '../../controls/value-slider.tsx';
import { ChannelChoice, type ChannelId } from './channel-choice.tsx';
import type { EditorProps } from './editor-props.ts';
import { HistogramBars } from './histogram-bars.tsx';

type Levels = Extract<AdjustmentSettings, { type: 'levels' }>;

const STRAIGHT: LevelsChannel = { black: 0, white: 1, gamma: 1, outBlack: 0, outWhite: 1 };

/** Histogram with black, grey and white points, and the output range; in values of 0 … 255 as the field writes them. */
export function LevelsEditor({
  value,
  onChange,
  onChangeEnd,
  layerId,
}: EditorProps<AdjustmentSettings> & { readonly value: Levels; readonly layerId: string }) {
  const [channel, setChannel] = useState<ChannelId>('rgb');
  const levels = value[channel] ?? STRAIGHT;
  const slider = (
    label: string,
    key: keyof LevelsChannel,
    range: { minimum: number; maximum: number; step: number; unit: number },
    fit: (next: number) => number,
  ) => {
    const changed = (next: number): Levels => ({
      ...value,
      [channel]: { ...levels, [key]: fit(next / range.unit) },
    });
    return (
      <ValueSlider
        label={label}
        value={range.unit === 1 ? levels[key] : Math.round(levels[key] * range.unit)}
        minimum={range.minimum}
        maximum={range.maximum}
        step={range.step}
        onChange={(next) => onChange(changed(next))}
        onChangeEnd={(next) => onChangeEnd(changed(next))}
      />
    );
  };
  const bytes = { minimum: 0, maximum: 255, step: 1, unit: 255 };
  const free = (next: number): number => next;
  return (
    <div className="effect-body">
      <ChannelChoice value={channel} onChange={setChannel} />
      <svg className="effect-graph levels" viewBox="0 0 256 100" preserveAspectRatio="none" aria-hidden>
        <HistogramBars layerId={layerId} channel={channel} />
        {[levels.black, levels.black + (levels.white - levels.black) * 0.5 ** levels.gamma, levels.white].map(
          (at, index) => (
            <line key={index} className="marker" x1={at * 255} x2={at * 255} y1={0} y2={100} />
          ),
        )}
      </svg>
      {slider('Black point', 'black', bytes, (next) => Math.min(next, levels.white - 1 / 255))}
      {slider('Gamma', 'gamma', { minimum: 0.1, maximum: 10, step: 0.01, unit: 1 }, free)}
      {slider('White point', 'white', bytes, (next) => Math.max(next, levels.black + 1 / 255))}
      {slider('Output black', 'outBlack', bytes, free)}
      {slider('Output white', 'outWhite', bytes, free)}
    </div>
  );
}
