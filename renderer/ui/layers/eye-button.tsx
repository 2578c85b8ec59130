import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import { toggleSolo, toggleVisible } from '../../commands/layer-edits.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { useDocument } from '../../state/document/document-store.ts';

/** Held this long, the eye shows its layer alone. */
const HOLD = 400;

/** Shows or hides a layer; held down, shows it alone until let go, with Alt until it is pressed again. */
export function EyeButton({ layer, session }: { layer: LayerRecord; session: DocumentSession }) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const held = useRef(false);
  const letGo = (): void => {
    clearTimeout(timer.current);
    if (held.current) useDocument.setState({ soloLayerId: null });
  };
  useEffect(() => letGo, []);
  const Icon = layer.visible ? Eye : EyeOff;
  const solo = useDocument((state) => state.soloLayerId === layer.id);
  const label = solo
    ? `Show all layers, not ${layer.name} alone`
    : layer.visible
      ? `Hide ${layer.name}`
      : `Show ${layer.name}`;
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <Button
        className="button quiet icon-button"
        aria-label={label}
        onPressStart={() => {
          held.current = false;
          timer.current = setTimeout(() => {
            held.current = true;
            useDocument.setState({ soloLayerId: layer.id });
          }, HOLD);
        }}
        onPressEnd={letGo}
        data-solo={solo}
        onPress={({ altKey }) => {
          if (held.current) return;
          if (altKey || solo) toggleSolo(layer.id);
          else toggleVisible(session, layer);
        }}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden />
      </Button>
      <Tooltip className="tooltip" offset={4}>
        {label}.{!solo && ' Hold to see it alone, Alt-click to keep it so'}
      </Tooltip>
    </TooltipTrigger>
  );
}
