import { useRef, useState } from 'react';
import { changeLayer } from '../../commands/layer-edits.ts';
import { recordEdit } from '../../commands/record-edit.ts';
import type { Change } from '../../engine/changes.ts';
import type { LayerMask } from '../../engine/layers/layer-mask.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import { featherMaskChanges } from '../../engine/mask/mask-changes.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { LiveEdit } from '../../state/document/live-edit.ts';
import { ValueSlider } from '../controls/value-slider.tsx';

/** Widest soft edge in pixels. */
const WIDEST = 250;

interface MaskOptionsProps {
  readonly session: DocumentSession;
  readonly layer: LayerRecord;
  readonly mask: LayerMask;
}

/** A change that is seen while a slider is dragged; the caller makes it a step when it is let go. */
function useLook(session: DocumentSession): { show(changes: () => readonly Change[]): void; stop(): void } {
  const edit = useRef<LiveEdit | null>(null);
  const stop = (): void => {
    edit.current?.cancel();
    edit.current = null;
  };
  return {
    show(changes) {
      stop();
      const shown = changes();
      edit.current = new LiveEdit(session, 'Mask');
      edit.current.show(shown);
    },
    stop,
  };
}

/** How strongly a layer's mask hides, and a soft edge for it. */
export function MaskOptions({ session, layer, mask }: MaskOptionsProps) {
  const look = useLook(session);
  const [density, setDensity] = useState<number | null>(null);
  const [feather, setFeather] = useState(0);
  const { id, name } = layer;
  return (
    <>
      <div className="layer-tools">
        <span className="field-label grow" aria-hidden>
          Density
        </span>
        <ValueSlider
          label="Mask density"
          value={density ?? mask.density}
          minimum={0}
          maximum={1}
          step={0.01}
          format={{ style: 'percent' }}
          onChange={(value) => {
            setDensity(value);
            look.show(() => [
              { type: 'layer-props', layerId: id, props: { mask: { ...mask, density: value } } },
            ]);
          }}
          onChangeEnd={(value) => {
            look.stop();
            setDensity(null);
            const before = session.document.layers.get(id).record.mask;
            if (before && value !== before.density)
              changeLayer(session, id, `Mask density ${Math.round(value * 100)}%`, {
                mask: { ...before, density: value },
              });
          }}
        />
      </div>
      <div className="layer-tools">
        <span className="field-label grow" aria-hidden>
          Feather
        </span>
        <ValueSlider
          label="Feather mask"
          value={feather}
          minimum={0}
          maximum={WIDEST}
          squared
          onChange={(value) => {
            setFeather(value);
            look.stop();
            if (value > 0) look.show(() => featherMaskChanges(session.document, id, value));
          }}
          onChangeEnd={(value) => {
            look.stop();
            setFeather(0);
            if (value > 0)
              recordEdit(session, `Feather mask of ${name} by ${Math.round(value)} px`, () =>
                featherMaskChanges(session.document, id, value),
              );
          }}
        />
      </div>
    </>
  );
}
