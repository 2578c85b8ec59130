import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';

interface RangeSliderProps {
  /** Said whole; what is seen of it is `shortLabel`. */
  readonly label: string;
  readonly shortLabel: string;
  /** 0 … 1 each, the first at most the second. */
  readonly value: readonly [number, number];
  readonly onChange: (value: readonly [number, number]) => void;
  readonly onChangeEnd: (value: readonly [number, number]) => void;
}

/** A part of a whole in percent, with a thumb at each end. */
export function RangeSlider({ label, shortLabel, value, onChange, onChangeEnd }: RangeSliderProps) {
  const [start, end] = value;
  const pair = (values: readonly number[]): readonly [number, number] => [values[0] ?? 0, values[1] ?? 1];
  return (
    <div className="value-slider range-slider">
      <span className="field-label" aria-hidden>
        {shortLabel}
      </span>
      <Slider
        aria-label={label}
        value={[start, end]}
        onChange={(next) => onChange(pair(next))}
        onChangeEnd={(next) => onChangeEnd(pair(next))}
        minValue={0}
        maxValue={1}
        step={0.05}
        formatOptions={{ style: 'percent' }}
      >
        <SliderTrack className="track">
          <div className="fill" style={{ left: `${start * 100}%`, width: `${(end - start) * 100}%` }} />
          <SliderThumb className="thumb" index={0} aria-label={`${label}, from`} />
          <SliderThumb className="thumb" index={1} aria-label={`${label}, to`} />
        </SliderTrack>
      </Slider>
      <span className="caption range-text">
        {Math.round(start * 100)}–{Math.round(end * 100)}%
      </span>
    </div>
  );
}
