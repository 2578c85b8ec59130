import { ToggleButton } from 'react-aria-components';
import { usePaint } from '../../state/paint-store.ts';
import { changeTool, type PixelSource, useTools } from '../../state/tool-store.ts';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';

const SOURCES: readonly { id: PixelSource; name: string }[] = [
  { id: 'visible', name: 'All layers' },
  { id: 'layer', name: 'This layer' },
  { id: 'below', name: 'Layers below' },
];

/** What counts as alike, for wand and bucket. */
export function WandOptions({ tool }: { readonly tool: 'wand' | 'fill' }) {
  const wand = usePaint((state) => state.wand);
  const like = useTools((state) => state.like);
  const bucket = useTools((state) => state.bucket);
  const change = (part: Partial<typeof wand>): void => usePaint.setState({ wand: { ...wand, ...part } });
  return (
    <>
      <ValueSlider
        label="Tolerance"
        value={wand.tolerance}
        minimum={0}
        maximum={255}
        onChange={(tolerance) => change({ tolerance: Math.round(tolerance) })}
      />
      {tool === 'fill' && (
        <ValueSlider
          label="Close gaps"
          value={wand.closeGaps}
          minimum={0}
          maximum={32}
          onChange={(closeGaps) => change({ closeGaps: Math.round(closeGaps) })}
        />
      )}
      <ValueSlider
        label="Expand"
        value={tool === 'fill' ? bucket.expand : like.expand}
        minimum={-32}
        maximum={32}
        onChange={(expand) => changeTool(tool === 'fill' ? 'bucket' : 'like', { expand: Math.round(expand) })}
      />
      <SelectField
        label="Looks at"
        hideLabel
        value={like.source}
        options={SOURCES}
        onChange={(source) => changeTool('like', { source: source as PixelSource })}
      />
      <ToggleButton
        className="button toggle"
        isSelected={wand.contiguous}
        isDisabled={tool === 'wand' && like.softRange}
        onChange={(contiguous) => change({ contiguous })}
      >
        Contiguous
      </ToggleButton>
      <ToggleButton
        className="button toggle"
        isSelected={like.antiAlias}
        isDisabled={tool === 'wand' && like.softRange}
        onChange={(antiAlias) => changeTool('like', { antiAlias })}
      >
        Anti-alias
      </ToggleButton>
      {tool === 'wand' && (
        <ToggleButton
          className="button toggle"
          isSelected={like.softRange}
          onChange={(softRange) => changeTool('like', { softRange })}
        >
          Colour range
        </ToggleButton>
      )}
    </>
  );
}
