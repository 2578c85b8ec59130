import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { RULER_KINDS, type RulerKind } from '../../engine/aids/aids.ts';
import { useAidSettings } from '../../state/aid-store.ts';
import { useAids } from '../../state/document/aids-slot.ts';
import { changeTool, useTools } from '../../state/tool-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { NumberInput } from '../controls/number-input.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { useOpenDocument } from '../workspace-context.tsx';

const NAMES: Readonly<Record<RulerKind, string>> = {
  line: 'Straight line',
  'perspective-1': '1-point perspective',
  'perspective-2': '2-point perspective',
  'perspective-3': '3-point perspective',
};

/** Farthest place of a point that is typed, in pixels. */
const FARTHEST = 1_000_000;

/** What the tool for drawing rulers makes, and the rulers that the document has, in numbers. */
export function DrawingRulerOptions() {
  const open = useOpenDocument();
  const kind = useTools((state) => state.drawingRuler.kind);
  const follows = useAidSettings((state) => state.drawingRulers);
  const rulers = useAids((state) => state.rulers);
  const [chosenId, choose] = useState('');
  const index = Math.max(
    rulers.findIndex(({ id }) => id === chosenId),
    chosenId === '' ? rulers.length - 1 : 0,
  );
  const ruler = rulers[index];
  const aids = open?.session.aids;
  return (
    <>
      <SelectField
        label="New ruler"
        hideLabel
        value={kind}
        options={RULER_KINDS.map((id) => ({ id, name: NAMES[id] }))}
        onChange={(id) => {
          const next = RULER_KINDS.find((each) => each === id);
          if (next) changeTool('drawingRuler', { kind: next });
        }}
      />
      <ToggleButton
        className="button toggle"
        isSelected={follows}
        onChange={(drawingRulers) => useAidSettings.setState({ drawingRulers })}
      >
        Strokes follow
      </ToggleButton>
      {ruler && aids ? (
        <>
          {rulers.length > 1 && (
            <SelectField
              label="Ruler"
              hideLabel
              value={ruler.id}
              options={rulers.map((each, at) => ({ id: each.id, name: `${at + 1}: ${NAMES[each.kind]}` }))}
              onChange={choose}
            />
          )}
          <ToggleButton
            className="button toggle"
            isSelected={ruler.on}
            onChange={(on) =>
              aids.set(on ? 'Ruler on' : 'Ruler off', { rulers: rulers.with(index, { ...ruler, on }) })
            }
          >
            On
          </ToggleButton>
          {ruler.points.map((point, at) =>
            (['x', 'y'] as const).map((axis) => (
              <NumberInput
                key={`${ruler.id} ${at} ${axis}`}
                label={`${axis.toUpperCase()}${at + 1}`}
                value={Math.round(point[axis])}
                minimum={-FARTHEST}
                maximum={FARTHEST}
                onChange={(value) => {
                  const points = ruler.points.with(at, { ...point, [axis]: value });
                  aids.set('Move ruler', { rulers: rulers.with(index, { ...ruler, points }) });
                }}
              />
            )),
          )}
          <IconButton
            icon={Trash2}
            label="Remove this ruler"
            onPress={() => aids.set('Remove ruler', { rulers: rulers.toSpliced(index, 1) })}
          />
        </>
      ) : (
        <span className="dim caption ellipsis">
          Drag on the canvas: a line, or a horizon from one vanishing point to the other.
        </span>
      )}
    </>
  );
}
