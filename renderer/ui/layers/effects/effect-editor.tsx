import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { adjustmentName } from '../../../commands/effect-layers.ts';
import type { AdjustmentSettings } from '../../../engine/layers/adjustment-settings.ts';
import type { Fill } from '../../../engine/layers/fill.ts';
import type { LayerRecord } from '../../../engine/layers/layer-record.ts';
import type { DocumentSession } from '../../../state/document/document-session.ts';
import { useDocument } from '../../../state/document/document-store.ts';
import { LiveEdit } from '../../../state/document/live-edit.ts';
import { useLayout } from '../../../state/layout-store.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { useOpenDocument } from '../../workspace-context.tsx';
import { CurvesEditor } from './curves-editor.tsx';
import type { EditorProps } from './editor-props.ts';
import { FillEditor } from './fill-editor.tsx';
import { LevelsEditor } from './levels-editor.tsx';
import {
  BalanceEditor,
  BrightnessEditor,
  ExposureEditor,
  GradientMapEditor,
  HueEditor,
  PosterizeEditor,
  ThresholdEditor,
} from './simple-editors.tsx';

/** A value that is shown in the picture while it is changed, and recorded when that ends. */
function useLiveProp<Key extends 'adjustment' | 'fill'>(
  session: DocumentSession,
  layer: LayerRecord,
  key: Key,
  label: string,
) {
  const stored = layer[key];
  const [dragged, setDragged] = useState<LayerRecord[Key] | null>(null);
  const edit = useRef<LiveEdit | null>(null);
  useEffect(() => () => edit.current?.cancel(), []);
  const show = (next: NonNullable<LayerRecord[Key]>): void => {
    setDragged(next);
    edit.current ??= new LiveEdit(session, label.slice(0, 200));
    edit.current.show([{ type: 'layer-props', layerId: layer.id, props: { [key]: next } }]);
  };
  return {
    value: dragged ?? stored,
    onChange: show,
    onChangeEnd: (next: NonNullable<LayerRecord[Key]>): void => {
      // A field that is only left has changed nothing.
      if (edit.current === null && JSON.stringify(next) === JSON.stringify(stored)) return;
      show(next);
      edit.current?.keep();
      edit.current = null;
      setDragged(null);
    },
  };
}

function AdjustmentEditor({
  layerId,
  ...props
}: EditorProps<AdjustmentSettings> & { readonly layerId: string }) {
  const { value } = props;
  switch (value.type) {
    case 'levels':
      return <LevelsEditor {...props} value={value} layerId={layerId} />;
    case 'curves':
      return <CurvesEditor {...props} value={value} layerId={layerId} />;
    case 'hue-saturation':
      return <HueEditor {...props} value={value} />;
    case 'colour-balance':
      return <BalanceEditor {...props} value={value} />;
    case 'gradient-map':
      return <GradientMapEditor {...props} value={value} />;
    case 'brightness-contrast':
      return <BrightnessEditor {...props} value={value} />;
    case 'exposure':
      return <ExposureEditor {...props} value={value} />;
    case 'posterize':
      return <PosterizeEditor {...props} value={value} />;
    case 'threshold':
      return <ThresholdEditor {...props} value={value} />;
    case 'invert':
      return <p className="empty">Every colour is turned into its opposite. There is nothing to set.</p>;
  }
}

function AdjustmentBody({
  session,
  layer,
  settings,
}: {
  session: DocumentSession;
  layer: LayerRecord;
  settings: AdjustmentSettings;
}) {
  const edit = useLiveProp(session, layer, 'adjustment', `${adjustmentName(settings.type)} of ${layer.name}`);
  return <AdjustmentEditor {...edit} value={edit.value ?? settings} layerId={layer.id} />;
}

function FillBody({ session, layer, fill }: { session: DocumentSession; layer: LayerRecord; fill: Fill }) {
  const edit = useLiveProp(session, layer, 'fill', `Fill of ${layer.name}`);
  return <FillEditor {...edit} value={edit.value ?? fill} />;
}

/** What an adjustment or a fill layer does, over the canvas so that the picture is seen while it is changed. */
export function EffectEditor() {
  const open = useOpenDocument();
  const id = useLayout((state) => state.editedLayerId);
  const layer = useDocument((state) => state.layers.find((each) => each.id === id));
  const close = (): void => useLayout.setState({ editedLayerId: null });
  if (!open || !layer || !(layer.adjustment || layer.fill)) return null;
  return (
    <section className="effect-editor" aria-label={`Settings of ${layer.name}`}>
      <div
        role="presentation"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          close();
        }}
      >
        <header>
          <h2 className="grow ellipsis">{layer.name}</h2>
          <IconButton icon={X} label={`Close settings of ${layer.name}`} size={16} onPress={close} />
        </header>
        {layer.adjustment && (
          <AdjustmentBody key={layer.id} session={open.session} layer={layer} settings={layer.adjustment} />
        )}
        {layer.fill && <FillBody key={layer.id} session={open.session} layer={layer} fill={layer.fill} />}
      </div>
    </section>
  );
}
