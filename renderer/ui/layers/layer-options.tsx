import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { changeChosen } from '../../commands/chosen-layers.ts';
import { BLEND_MODES, type BlendMode, isBlendMode } from '../../engine/layers/blend-mode.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { activeLayer, useDocument } from '../../state/document/document-store.ts';
import { LiveEdit } from '../../state/document/live-edit.ts';
import { useLayout } from '../../state/layout-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';
import { MaskOptions } from './mask-options.tsx';
import { useOpenDocument } from '../workspace-context.tsx';

function blendName(mode: BlendMode): string {
  const words = mode.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** One of a layer's two opacities: seen while the slider is dragged, one step of history when it is let go. */
function OpacitySlider({
  session,
  layer,
  of,
  label,
}: {
  readonly session: DocumentSession;
  readonly layer: LayerRecord;
  readonly of: 'opacity' | 'fillOpacity';
  readonly label: string;
}) {
  const edit = useRef<LiveEdit | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const show = (value: number): void => {
    setDragged(value);
    edit.current ??= new LiveEdit(session, `${label} ${Math.round(value * 100)}%`);
    edit.current.show(
      session.chosenLayerIds.map((layerId) => ({ type: 'layer-props', layerId, props: { [of]: value } })),
    );
  };
  return (
    <ValueSlider
      label={label}
      value={dragged ?? layer[of]}
      onChange={show}
      onChangeEnd={(value) => {
        edit.current?.cancel();
        edit.current = null;
        setDragged(null);
        const before = session.document.layers.get(layer.id).record[of];
        if (value !== before || session.chosenLayerIds.length > 1)
          changeChosen(session, `${label} ${Math.round(value * 100)}%`, () => ({ [of]: value }));
      }}
      minimum={0}
      maximum={1}
      step={0.01}
      format={{ style: 'percent' }}
    />
  );
}

/** Blend mode, opacity and fill opacity of the active layer, and of those chosen with it. */
export function LayerOptions() {
  const open = useOpenDocument();
  const layer = useDocument(activeLayer);
  const searching = useLayout((state) => state.layerQuery !== null);
  if (!open || !layer) return null;
  const { session } = open;
  const modes = BLEND_MODES.filter((mode) => mode !== 'pass-through' || layer.kind === 'group');
  return (
    <>
      <div className="layer-tools">
        <SelectField
          label="Blend mode"
          hideLabel
          value={layer.blend}
          options={modes.map((id) => ({ id, name: blendName(id) }))}
          onChange={(blend) => {
            if (!isBlendMode(blend)) return;
            // Only groups can be passed through.
            changeChosen(session, `Blend ${blendName(blend)}`, ({ kind }) =>
              blend === 'pass-through' && kind !== 'group' ? {} : { blend },
            );
          }}
        />
        <OpacitySlider session={session} layer={layer} of="opacity" label="Layer opacity" />
      </div>
      <div className="layer-tools">
        <IconButton
          icon={Search}
          label="Find layers by name"
          command="layer.find"
          size={16}
          isSelected={searching}
          onPress={() =>
            useLayout.setState(({ layerQuery }) => ({ layerQuery: layerQuery === null ? '' : null }))
          }
        />
        <span className="field-label grow" aria-hidden>
          Fill
        </span>
        <OpacitySlider session={session} layer={layer} of="fillOpacity" label="Fill opacity" />
      </div>
      {layer.mask && <MaskOptions session={session} layer={layer} mask={layer.mask} key={layer.id} />}
    </>
  );
}
