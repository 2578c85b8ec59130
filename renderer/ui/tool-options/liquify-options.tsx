import { LIQUIFY_MODES, type LiquifyMode, useLiquify } from '../../state/liquify-store.ts';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';
import { PendingOptions } from './pending-options.tsx';

const NAMES: Readonly<Record<LiquifyMode, string>> = {
  push: 'Push',
  twirl: 'Twirl right',
  'twirl-left': 'Twirl left',
  pinch: 'Pinch',
  bloat: 'Bloat',
  restore: 'Restore',
};

/** What the pen does to the pixels under it. */
export function LiquifyOptions() {
  const { mode, size, strength } = useLiquify();
  return (
    <>
      <SelectField
        label="Mode"
        value={mode}
        options={LIQUIFY_MODES.map((id) => ({ id, name: NAMES[id] }))}
        onChange={(id) => useLiquify.setState({ mode: LIQUIFY_MODES.find((each) => each === id) ?? 'push' })}
      />
      <ValueSlider
        label="Size"
        value={size}
        minimum={8}
        maximum={1000}
        squared
        onChange={(next) => useLiquify.setState({ size: Math.round(next) })}
      />
      <ValueSlider
        label="Strength"
        value={strength}
        minimum={0.01}
        maximum={1}
        step={0.01}
        format={{ style: 'percent' }}
        onChange={(next) => useLiquify.setState({ strength: next })}
      />
      <PendingOptions />
    </>
  );
}
