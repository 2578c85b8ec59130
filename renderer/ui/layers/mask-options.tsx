import { useRef, useState } from 'react';
import { changeLayer } from '../../commands/layer-edits.ts';
import { WIDEST_FEATHER, type LayerMask } from '../../engine/layers/layer-mask.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { LiveEdit } from '../../state/document/live-edit.ts';
import { ValueSlider } from '../controls/value-slider.tsx';

interface MaskOptionsProps {
  readonly session: DocumentSession;
  readonly layer: LayerRecord;
  readonly mask: LayerMask;
}

interface MaskSliderProps extends MaskOptionsProps {
  readonly property: 'density' | 'feather';
  /** Beside the slider. */
  readonly caption: string;
  /** In the list of history, after "Mask density" or "Mask feather". */
  readonly amount: (value: number) => string;
  readonly maximum: number;
  readonly step: number;
  readonly format?: Intl.NumberFormatOptions;
  readonly squared?: boolean;
}

/** One number of a mask: seen while it is dragged, a step of history when it is let go. */
function MaskSlider(props: MaskSliderProps) {
  const { session, layer, mask, property, caption, amount, ...slider } = props;
  const edit = useRef<LiveEdit | null>(null);
  const [moved, setMoved] = useState<number | null>(null);
  const stop = (): void => {
    edit.current?.cancel();
    edit.current = null;
  };
  return (
    <div className="layer-tools">
      <span className="field-label grow" aria-hidden>
        {caption}
      </span>
      <ValueSlider
        {...slider}
        label={`Mask ${property}`}
        value={moved ?? mask[property]}
        minimum={0}
        onChange={(value) => {
          setMoved(value);
          stop();
          edit.current = new LiveEdit(session, 'Mask');
          const props = { mask: { ...mask, [property]: value } };
          edit.current.show([{ type: 'layer-props', layerId: layer.id, props }]);
        }}
        onChangeEnd={(value) => {
          stop();
          setMoved(null);
          const before = session.document.layers.get(layer.id).record.mask;
          if (!before || value === before[property]) return;
          const changed = { mask: { ...before, [property]: value } };
          changeLayer(session, layer.id, `Mask ${property} ${amount(value)}`, changed);
        }}
      />
    </div>
  );
}

/** How strongly a layer's mask hides, and how soft its edge is. Both leave the mask's own pixels as they are. */
export function MaskOptions(props: MaskOptionsProps) {
  return (
    <>
      <MaskSlider
        {...props}
        property="density"
        caption="Density"
        amount={(value) => `${Math.round(value * 100)}%`}
        maximum={1}
        step={0.01}
        format={{ style: 'percent' }}
      />
      <MaskSlider
        {...props}
        property="feather"
        caption="Feather, px"
        amount={(value) => `${value} px`}
        maximum={WIDEST_FEATHER}
        step={0.1}
        squared
      />
    </>
  );
}
