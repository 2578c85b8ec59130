import { Input, NumberField, Slider, SliderThumb, SliderTrack } from 'react-aria-components';

interface ValueSliderProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** The drag or the typing has ended. Given, steps of history are made here and not on every move. */
  readonly onChangeEnd?: (value: number) => void;
  readonly minimum: number;
  readonly maximum: number;
  readonly step?: number;
  /** How the number is written. */
  readonly format?: Intl.NumberFormatOptions;
  /** Spreads small values over most of the track. */
  readonly squared?: boolean;
  readonly className?: string;
}

/** A slider that also takes typed values. */
export function ValueSlider(props: ValueSliderProps) {
  const {
    label,
    value,
    onChange,
    onChangeEnd,
    minimum,
    maximum,
    step = 1,
    format = {},
    squared = false,
    className = '',
  } = props;
  const toTrack = (each: number): number =>
    squared ? Math.sqrt((each - minimum) / (maximum - minimum)) : each;
  const fromTrack = (each: number): number =>
    squared ? Math.max(minimum, Math.round((minimum + each ** 2 * (maximum - minimum)) / step) * step) : each;
  const position = squared ? toTrack(value) * 100 : ((value - minimum) / (maximum - minimum)) * 100;
  return (
    <div className={`value-slider ${className}`}>
      <span className="field-label" aria-hidden>
        {label}
      </span>
      <Slider
        aria-label={label}
        value={toTrack(value)}
        onChange={(next) => onChange(fromTrack(next))}
        onChangeEnd={(next) => onChangeEnd?.(fromTrack(next))}
        minValue={squared ? 0 : minimum}
        maxValue={squared ? 1 : maximum}
        step={squared ? 0.002 : step}
      >
        <SliderTrack className="track">
          <div className="fill" style={{ width: `${Math.min(100, Math.max(0, position))}%` }} />
          <SliderThumb className="thumb" />
        </SliderTrack>
      </Slider>
      <NumberField
        aria-label={`${label}, exact`}
        value={value}
        onChange={(next) => {
          if (Number.isFinite(next)) (onChangeEnd ?? onChange)(next);
        }}
        minValue={minimum}
        maxValue={maximum}
        step={step}
        formatOptions={format}
      >
        <Input className="input number" />
      </NumberField>
    </div>
  );
}
