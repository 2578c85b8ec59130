import { activeBrushKey, changeBrush, MAX_BRUSH_SIZE, usePaint } from '../../state/paint-store.ts';
import { ValueSlider } from '../controls/value-slider.tsx';

/** Diameter of the brush in hand, in document pixels. */
export function BrushSizeSlider() {
  const size = usePaint((state) => state[activeBrushKey(state)].size);
  return (
    <ValueSlider
      label="Size"
      value={size}
      onChange={(next) => changeBrush({ size: next })}
      minimum={1}
      maximum={MAX_BRUSH_SIZE}
      squared
    />
  );
}
