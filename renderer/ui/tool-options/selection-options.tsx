import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { SelectionMode } from '../../engine/selection/combine.ts';
import type { ToolId } from '../../state/paint-store.ts';
import { changeTool, type SelectSettings, useTools } from '../../state/tool-store.ts';
import { NumberInput } from '../controls/number-input.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';
import { SelectionMenu } from './selection-menu.tsx';

const MODES: readonly { id: SelectionMode; name: string }[] = [
  { id: 'replace', name: 'New' },
  { id: 'add', name: 'Add' },
  { id: 'subtract', name: 'Subtract' },
  { id: 'intersect', name: 'Intersect' },
];

const CONSTRAINTS: readonly { id: SelectSettings['constraint']; name: string }[] = [
  { id: 'free', name: 'Free' },
  { id: 'ratio', name: 'Fixed ratio' },
  { id: 'size', name: 'Fixed size' },
];

function ConstraintFields() {
  const { constraint, width, height } = useTools((state) => state.select);
  const field = (label: string, key: 'width' | 'height', value: number) => (
    <NumberInput
      label={label}
      value={value}
      minimum={constraint === 'size' ? 1 : 0.01}
      maximum={16384}
      step={constraint === 'size' ? 1 : 0.01}
      onChange={(next) => changeTool('select', { [key]: next })}
    />
  );
  return (
    <>
      <SelectField
        label="Shape of the selection"
        hideLabel
        value={constraint}
        options={CONSTRAINTS}
        onChange={(id) => changeTool('select', { constraint: id as SelectSettings['constraint'] })}
      />
      {constraint !== 'free' && field('W', 'width', width)}
      {constraint !== 'free' && field('H', 'height', height)}
    </>
  );
}

/** How a new selection joins the one there is, its edge, and what can be done with it. */
export function SelectionOptions({ tool }: { readonly tool: ToolId }) {
  const select = useTools((state) => state.select);
  return (
    <>
      <ToggleButtonGroup
        aria-label="How a new selection joins"
        className="segmented"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[select.mode]}
        onSelectionChange={(keys) => {
          const mode = MODES.find(({ id }) => keys.has(id))?.id;
          if (mode) changeTool('select', { mode });
        }}
      >
        {MODES.map(({ id, name }) => (
          <ToggleButton key={id} id={id} className="segment">
            {name}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {(tool === 'rectangle' || tool === 'ellipse') && <ConstraintFields />}
      {tool === 'lasso' && (
        <ToggleButton
          className="button toggle"
          isSelected={select.lasso === 'polygon'}
          onChange={(polygon) => changeTool('select', { lasso: polygon ? 'polygon' : 'free' })}
        >
          Straight sides
        </ToggleButton>
      )}
      <ValueSlider
        label="Feather"
        value={select.feather}
        minimum={0}
        maximum={250}
        squared
        onChange={(feather) => changeTool('select', { feather: Math.round(feather) })}
      />
      <SelectionMenu />
      <span className="dim caption ellipsis">Shift adds, Alt subtracts, both intersect.</span>
    </>
  );
}
