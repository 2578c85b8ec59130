import { ToggleButton } from 'react-aria-components';
import { changeTool, SHAPE_KINDS, useTools } from '../../state/tool-store.ts';
import { NumberInput } from '../controls/number-input.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';

const NAMES = {
  line: 'Line',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  polygon: 'Polygon',
  star: 'Star',
} as const;

/** What the shape tool draws. */
export function ShapeOptions() {
  const shape = useTools((state) => state.shape);
  const { kind } = shape;
  return (
    <>
      <SelectField
        label="Shape"
        hideLabel
        value={kind}
        options={SHAPE_KINDS.map((id) => ({ id, name: NAMES[id] }))}
        onChange={(id) => {
          const next = SHAPE_KINDS.find((each) => each === id);
          if (next) changeTool('shape', { kind: next });
        }}
      />
      {kind !== 'line' && (
        <>
          <ToggleButton
            className="button toggle"
            isSelected={shape.fill}
            onChange={(fill) => changeTool('shape', { fill })}
          >
            Fill
          </ToggleButton>
          <ToggleButton
            className="button toggle"
            isSelected={shape.stroke}
            onChange={(stroke) => changeTool('shape', { stroke })}
          >
            Outline
          </ToggleButton>
        </>
      )}
      {(kind === 'line' || shape.stroke) && (
        <ValueSlider
          label="Width"
          value={shape.lineWidth}
          minimum={1}
          maximum={500}
          squared
          onChange={(lineWidth) => changeTool('shape', { lineWidth: Math.round(lineWidth) })}
        />
      )}
      {(kind === 'polygon' || kind === 'star') && (
        <NumberInput
          label={kind === 'star' ? 'Points' : 'Corners'}
          value={shape.corners}
          minimum={3}
          maximum={64}
          onChange={(corners) => changeTool('shape', { corners: Math.round(corners) })}
        />
      )}
      {kind === 'star' && (
        <ValueSlider
          label="Inner radius"
          value={shape.inner}
          minimum={0.05}
          maximum={0.95}
          step={0.01}
          format={{ style: 'percent' }}
          onChange={(inner) => changeTool('shape', { inner })}
        />
      )}
      {kind === 'rectangle' && (
        <NumberInput
          label="Rounding"
          value={shape.rounding}
          minimum={0}
          maximum={8192}
          onChange={(rounding) => changeTool('shape', { rounding })}
        />
      )}
      <span className="dim caption ellipsis">Shift keeps edges equal, Alt draws from the middle.</span>
    </>
  );
}
