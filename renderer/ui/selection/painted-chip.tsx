import { useStore } from 'zustand';
import { Button } from 'react-aria-components';
import { paintedSelection } from '../../state/painted-selection.ts';
import { leavePaintedSelection } from '../../tools/paint-selection/painted-selection.ts';

/** Says over the canvas that brushes paint the selection, and ends it. */
export function PaintedChip() {
  const now = useStore(paintedSelection, (state) => state.now);
  if (!now) return null;
  return (
    <output className="canvas-chip" style={{ top: 12, left: 12 }}>
      Painting the selection
      <Button className="chip-button" onPress={leavePaintedSelection}>
        Done (Q)
      </Button>
    </output>
  );
}
