import { GRADIENT_SHAPES, type Fill, type FillPoint } from '../../../engine/layers/fill.ts';
import { NumberInput } from '../../controls/number-input.tsx';
import { SelectField } from '../../controls/select-field.tsx';
import { ColourInput } from './colour-input.tsx';
import type { EditorProps } from './editor-props.ts';
import { StopsEditor } from './stops-editor.tsx';

const SHAPES = GRADIENT_SHAPES.map((id) => ({ id, name: id.charAt(0).toUpperCase() + id.slice(1) }));

/** A fill layer's colour, or its gradient: shape, stops, where it begins and ends. */
export function FillEditor({ value, onChange, onChangeEnd }: EditorProps<Fill>) {
  if (value.type === 'solid') {
    return (
      <div className="effect-body">
        <ColourInput
          label="Fill colour"
          value={value.colour}
          onChange={(colour) => onChange({ type: 'solid', colour })}
          onChangeEnd={(colour) => onChangeEnd({ type: 'solid', colour })}
        />
      </div>
    );
  }
  const point = (end: 'from' | 'to', name: string) => {
    const field = (axis: keyof FillPoint) => (
      <NumberInput
        label={`${name} ${axis}`}
        value={Math.round(value[end][axis])}
        minimum={-100_000}
        maximum={100_000}
        onChange={(next) => onChangeEnd({ ...value, [end]: { ...value[end], [axis]: next } })}
      />
    );
    return (
      <div className="pair">
        {field('x')}
        {field('y')}
      </div>
    );
  };
  return (
    <div className="effect-body">
      <SelectField
        label="Shape"
        value={value.shape}
        options={SHAPES}
        onChange={(id) => {
          const shape = GRADIENT_SHAPES.find((each) => each === id);
          if (shape) onChangeEnd({ ...value, shape });
        }}
      />
      <StopsEditor
        withOpacity
        value={value.stops}
        onChange={(stops) => onChange({ ...value, stops })}
        onChangeEnd={(stops) => onChangeEnd({ ...value, stops })}
      />
      {point('from', 'Start')}
      {point('to', 'End')}
    </div>
  );
}
