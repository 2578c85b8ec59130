import { Check } from 'lucide-react';
import { Checkbox } from 'react-aria-components';

/** Something that is on or off. */
export function CheckField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: boolean;
  readonly onChange: (next: boolean) => void;
}) {
  return (
    <Checkbox className="check-field" isSelected={value} onChange={onChange}>
      <span className="box" aria-hidden>
        {value && <Check size={14} strokeWidth={2.5} />}
      </span>
      {label}
    </Checkbox>
  );
}
