import { useDocument } from '../../state/document/document-store.ts';

/** Says over the canvas that strokes go into a mask, or what is shown alone. */
export function MaskChip() {
  const mask = useDocument((state) => state.activePlane === 'mask');
  const solo = useDocument((state) => state.layers.find((layer) => layer.id === state.soloLayerId));
  if (!mask && !solo) return null;
  return (
    <output className="canvas-chip" style={{ top: 12, left: 12 }}>
      {solo ? `Only ${solo.name} is shown` : 'Painting the mask'}
    </output>
  );
}
