import { useMemo } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { activeBrushKey, changeBrush, isBrushTool, usePaint } from '../../state/paint-store.ts';
import { allBrushes, useBrushes } from '../../state/brush-store.ts';
import { presetSettings } from '../../tools/brush/make-brush.ts';
import { StrokePreview } from './stroke-preview.tsx';

/** Brushes that ship, each shown as a stroke; with the eraser in hand, the erasers; with smudge, those that move paint. */
export function BrushList() {
  const key = usePaint(activeBrushKey);
  const presetId = usePaint((state) => state[key].presetId);
  const own = useBrushes((state) => state.own);
  const presets = useMemo(
    () =>
      allBrushes({ own }).filter(
        ({ mode, mixing }) =>
          mode === (key === 'eraser' ? 'erase' : 'paint') && (key !== 'smudge' || mixing !== null),
      ),
    [own, key],
  );
  return (
    <ListBox
      className="brush-list scroll"
      aria-label={key === 'eraser' ? 'Erasers' : 'Brushes'}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[presetId]}
      onSelectionChange={(keys) => {
        const [id] = keys === 'all' ? [] : [...keys];
        const preset = presets.find((each) => each.id === id);
        if (!preset) return;
        changeBrush(presetSettings(preset));
        if (!isBrushTool(usePaint.getState().tool)) usePaint.setState({ tool: 'brush' });
      }}
    >
      {presets.map((preset) => (
        <ListBoxItem className="brush-row" id={preset.id} key={preset.id} textValue={preset.name}>
          <span className="name ellipsis" title={preset.name}>
            {preset.name}
          </span>
          <StrokePreview brush={preset} />
        </ListBoxItem>
      ))}
    </ListBox>
  );
}
