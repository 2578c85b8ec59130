import { changeTool, type PickSettings, type PixelSource, useTools } from '../../state/tool-store.ts';
import { SelectField } from '../controls/select-field.tsx';

const SIZES: readonly PickSettings['size'][] = [1, 3, 5, 11];
const SOURCES: readonly { id: PixelSource; name: string }[] = [
  { id: 'visible', name: 'Visible' },
  { id: 'layer', name: 'Layer' },
  { id: 'below', name: 'Below' },
];

/** How much the eyedropper looks at, and of what. */
export function PickOptions() {
  const pick = useTools((state) => state.pick);
  return (
    <>
      <SelectField
        label="Sample"
        value={String(pick.size)}
        options={SIZES.map((size) => ({
          id: String(size),
          name: size === 1 ? '1 pixel' : `${size} × ${size}`,
        }))}
        onChange={(id) => changeTool('pick', { size: SIZES.find((size) => String(size) === id) ?? 1 })}
      />
      <SelectField
        label="From"
        value={pick.source}
        options={SOURCES}
        onChange={(id) =>
          changeTool('pick', { source: SOURCES.find((each) => each.id === id)?.id ?? 'visible' })
        }
      />
    </>
  );
}
