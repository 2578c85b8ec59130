import type { PrecisionChoice } from '../../../preload/contract/index.ts';
import { changeForm, useGeneration } from '../../generation/generation-store.ts';
import { SelectField } from '../controls/select-field.tsx';

const CHOICES: readonly { readonly id: PrecisionChoice; readonly name: string; readonly says: string }[] = [
  { id: 'auto', name: 'Automatic', says: 'What this machine does best with this model.' },
  { id: 'fp32', name: 'fp32, exact', says: 'Every sum in single precision.' },
  { id: 'fp16', name: 'fp16, half', says: 'Half the memory on a graphics card.' },
  {
    id: 'int8',
    name: 'int8, linear layers',
    says: 'A quarter of the memory for linear layers, kept on disk once.',
  },
  {
    id: 'int4',
    name: 'int4, linear layers',
    says: 'An eighth of the memory for linear layers; pictures differ visibly.',
  },
];

/** How the model is computed; what each choice means stands below it. */
export function PrecisionField() {
  const precision = useGeneration((state) => state.form.precision);
  const chosen = CHOICES.find(({ id }) => id === precision);
  return (
    <>
      <SelectField
        label="Precision"
        value={precision}
        options={CHOICES}
        onChange={(id) => {
          const next = CHOICES.find((choice) => choice.id === id);
          if (next) changeForm({ precision: next.id });
        }}
      />
      {precision !== 'auto' && (
        <p className="caption dim">{chosen?.says} The first time, it is checked against fp32.</p>
      )}
    </>
  );
}
