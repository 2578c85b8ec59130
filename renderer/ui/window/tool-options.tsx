import { useView } from '../../canvas/view-store.ts';
import {
  activeBrushKey,
  changeBrush,
  MAX_BRUSH_SIZE,
  type ToolId,
  usePaint,
} from '../../state/paint-store.ts';
import { ValueSlider } from '../controls/value-slider.tsx';

const NAMES: Record<ToolId, string> = {
  brush: 'Brush',
  eraser: 'Eraser',
  eyedropper: 'Eyedropper',
  move: 'Move',
  pan: 'Pan',
};

const HINTS: Partial<Record<ToolId, string>> = {
  eyedropper: 'Takes the colour that is seen under the pointer. Hold Alt to borrow it while painting.',
  move: 'Drags the pixels of the active layer.',
  pan: 'Drags the view. Hold Space to borrow it; the wheel zooms at the pointer.',
};

/** Settings of the brush in hand. */
export function BrushOptions() {
  const settings = usePaint((state) => state[activeBrushKey(state)]);
  const percent = { style: 'percent' } as const;
  return (
    <>
      <ValueSlider
        label="Size"
        value={settings.size}
        onChange={(size) => changeBrush({ size })}
        minimum={1}
        maximum={MAX_BRUSH_SIZE}
        squared
      />
      <ValueSlider
        label="Opacity"
        value={settings.opacity}
        onChange={(opacity) => changeBrush({ opacity })}
        minimum={0.01}
        maximum={1}
        step={0.01}
        format={percent}
      />
      <ValueSlider
        label="Flow"
        value={settings.flow}
        onChange={(flow) => changeBrush({ flow })}
        minimum={0.01}
        maximum={1}
        step={0.01}
        format={percent}
      />
      <ValueSlider
        label="Hardness"
        value={settings.hardness}
        onChange={(hardness) => changeBrush({ hardness })}
        minimum={0}
        maximum={1}
        step={0.01}
        format={percent}
      />
      <ValueSlider
        label="Stabiliser"
        value={settings.stabiliser}
        onChange={(stabiliser) => changeBrush({ stabiliser })}
        minimum={0}
        maximum={10}
      />
    </>
  );
}

/** The bar under the top bar: what the chosen tool can be told. */
export function ToolOptions() {
  const tool = usePaint((state) => state.tool);
  const rotation = useView((state) => state.view.rotation);
  const hint = HINTS[tool];
  return (
    <section className="tool-options" aria-label="Tool options" data-region="tool options">
      <strong className="tool-name">{NAMES[tool]}</strong>
      {hint === undefined ? <BrushOptions /> : <span className="dim caption ellipsis">{hint}</span>}
      {rotation !== 0 && (
        <span className="dim caption">View turned {Math.round((rotation * 180) / Math.PI)}°</span>
      )}
    </section>
  );
}
