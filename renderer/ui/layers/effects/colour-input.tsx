import type { FillColour } from '../../../engine/layers/fill.ts';
import { formatColour, parseColour } from '../../../state/colour.ts';

/** A colour field of the system; it speaks its name and value. */
export function ColourInput({
  label,
  value,
  onChange,
  onChangeEnd,
}: {
  readonly label: string;
  readonly value: FillColour;
  readonly onChange: (next: FillColour) => void;
  readonly onChangeEnd: (next: FillColour) => void;
}) {
  const hex = formatColour(value[0] * 255, value[1] * 255, value[2] * 255);
  const read = (text: string): FillColour => {
    const [red, green, blue] = parseColour(text);
    return [red / 255, green / 255, blue / 255];
  };
  return (
    <input
      type="color"
      className="colour-input"
      aria-label={`${label}, ${hex}`}
      title={label}
      value={hex}
      onChange={(event) => onChange(read(event.target.value))}
      onBlur={(event) => {
        if (event.target.value !== hex) onChangeEnd(read(event.target.value));
        else onChangeEnd(value);
      }}
    />
  );
}
