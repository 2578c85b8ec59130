import { Input, Label, NumberField } from 'react-aria-components';

interface NumberInputProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly minimum: number;
  readonly maximum: number;
  readonly step?: number;
  readonly className?: string;
}

/** A labelled field for a number; arrows step, typed values are fitted to the range. */
export function NumberInput(props: NumberInputProps) {
  const { label, value, onChange, minimum, maximum, step = 1, className = '' } = props;
  return (
    <NumberField
      className="field"
      value={value}
      onChange={(next) => {
        if (Number.isFinite(next)) onChange(next);
      }}
      minValue={minimum}
      maxValue={maximum}
      step={step}
      formatOptions={{ useGrouping: false }}
    >
      <Label className="field-label">{label}</Label>
      <Input className={`input number ${className}`} />
    </NumberField>
  );
}
