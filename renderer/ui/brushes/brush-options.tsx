import { FlipHorizontal2, PenTool, Settings2, Spline } from 'lucide-react';
import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import { useLayout } from '../../state/layout-store.ts';
import {
  activeBrushKey,
  changeBrush,
  changeSmoothing,
  changeSymmetry,
  type SymmetrySettings,
  usePaint,
} from '../../state/paint-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { IconPopover } from '../controls/icon-popover.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';
import { BrushSizeSlider } from './brush-size-slider.tsx';
import { PressureEditor } from './pressure-editor.tsx';

const PERCENT = { style: 'percent' } as const;

function Popup(props: { label: string; icon: ReactNode; children: ReactNode }) {
  return <IconPopover {...props} placement="bottom" offset={4} bodyClass="option-popup" />;
}

const KINDS: readonly { id: SymmetrySettings['kind']; name: string }[] = [
  { id: 'off', name: 'Off' },
  { id: 'mirror', name: 'Mirror' },
  { id: 'mirror-both', name: 'Mirror both ways' },
  { id: 'radial', name: 'Around a point' },
];

function SymmetryOptions() {
  const symmetry = usePaint((state) => state.symmetry);
  return (
    <>
      <SelectField
        label="Symmetry"
        value={symmetry.kind}
        options={KINDS}
        onChange={(id) => {
          const kind = KINDS.find((each) => each.id === id)?.id;
          if (kind) changeSymmetry({ kind });
        }}
      />
      {symmetry.kind === 'radial' ? (
        <ValueSlider
          label="Copies"
          value={symmetry.count}
          minimum={2}
          maximum={16}
          onChange={(count) => changeSymmetry({ count })}
        />
      ) : (
        <ValueSlider
          label="Angle"
          value={symmetry.angle}
          minimum={-90}
          maximum={90}
          onChange={(angle) => changeSymmetry({ angle })}
        />
      )}
      <ValueSlider
        label="Across"
        value={symmetry.x}
        minimum={0}
        maximum={1}
        step={0.01}
        format={PERCENT}
        onChange={(x) => changeSymmetry({ x })}
      />
      <ValueSlider
        label="Down"
        value={symmetry.y}
        minimum={0}
        maximum={1}
        step={0.01}
        format={PERCENT}
        onChange={(y) => changeSymmetry({ y })}
      />
    </>
  );
}

function SmoothingOptions() {
  const smoothing = usePaint((state) => state.smoothing);
  const level = usePaint((state) => state[activeBrushKey(state)].stabiliser);
  return (
    <>
      <SelectField
        label="Smoothing"
        value={smoothing.mode}
        options={[
          { id: 'average', name: 'Average' },
          { id: 'string', name: 'Pulled string' },
        ]}
        onChange={(id) => changeSmoothing({ mode: id === 'string' ? 'string' : 'average' })}
      />
      {smoothing.mode === 'string' ? (
        <ValueSlider
          label="String, px of the screen"
          value={smoothing.stringLength}
          minimum={4}
          maximum={80}
          onChange={(stringLength) => changeSmoothing({ stringLength })}
        />
      ) : (
        <ValueSlider
          label="Level"
          value={level}
          minimum={0}
          maximum={10}
          onChange={(stabiliser) => changeBrush({ stabiliser })}
        />
      )}
      <ToggleButton
        className="button toggle"
        isSelected={smoothing.catchUp}
        isDisabled={smoothing.mode === 'string'}
        onChange={(catchUp) => changeSmoothing({ catchUp })}
      >
        Catch up while the pen rests
      </ToggleButton>
      <ToggleButton
        className="button toggle"
        isSelected={smoothing.finish}
        onChange={(finish) => changeSmoothing({ finish })}
      >
        Finish where the pen leaves
      </ToggleButton>
    </>
  );
}

/** Settings of the brush in hand. */
export function BrushOptions() {
  const settings = usePaint((state) => state[activeBrushKey(state)]);
  const symmetry = usePaint((state) => state.symmetry.kind !== 'off');
  const erases = usePaint((state) => state.tool === 'brush' && state.brushErases);
  const editing = useLayout((state) => state.brushEditorOpen);
  return (
    <>
      {erases && <span className="caption">erases</span>}
      <BrushSizeSlider />
      <ValueSlider
        label="Opacity"
        value={settings.opacity}
        onChange={(opacity) => changeBrush({ opacity })}
        minimum={0.01}
        maximum={1}
        step={0.01}
        format={PERCENT}
      />
      <ValueSlider
        label="Flow"
        value={settings.flow}
        onChange={(flow) => changeBrush({ flow })}
        minimum={0.01}
        maximum={1}
        step={0.01}
        format={PERCENT}
      />
      <ValueSlider
        label="Hardness"
        value={settings.hardness}
        onChange={(hardness) => changeBrush({ hardness })}
        minimum={0}
        maximum={1}
        step={0.01}
        format={PERCENT}
      />
      <ValueSlider
        label="Stabiliser"
        value={settings.stabiliser}
        onChange={(stabiliser) => changeBrush({ stabiliser })}
        minimum={0}
        maximum={10}
      />
      <Popup label="Smoothing" icon={<Spline size={20} strokeWidth={1.75} aria-hidden />}>
        <SmoothingOptions />
      </Popup>
      <Popup
        label={symmetry ? 'Symmetry, on' : 'Symmetry, off'}
        icon={
          <FlipHorizontal2
            size={20}
            strokeWidth={1.75}
            aria-hidden
            fill={symmetry ? 'currentColor' : 'none'}
          />
        }
      >
        <SymmetryOptions />
      </Popup>
      <Popup label="Pen pressure" icon={<PenTool size={20} strokeWidth={1.75} aria-hidden />}>
        <PressureEditor />
      </Popup>
      <IconButton
        icon={Settings2}
        label="Brush editor"
        command="brush.editor"
        isSelected={editing}
        onPress={() => useLayout.setState((state) => ({ brushEditorOpen: !state.brushEditorOpen }))}
      />
    </>
  );
}
