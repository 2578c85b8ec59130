import { X } from 'lucide-react';
import { ToggleButton } from 'react-aria-components';
import type { FilterSettings } from '../../engine/filter/filters.ts';
import { useFilter } from '../../state/filter-store.ts';
import { pendingAct } from '../../state/pending-act.ts';
import { FILTER_NAMES } from '../../tools/filter/filter-act.ts';
import { ApplyButtons } from '../controls/apply-buttons.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';

const PERCENT = { style: 'percent' } as const;

function set(settings: FilterSettings): void {
  useFilter.setState({ settings });
}

function Radius({ settings }: { readonly settings: Extract<FilterSettings, { radius: number }> }) {
  return (
    <ValueSlider
      label="Radius"
      value={settings.radius}
      minimum={0.1}
      maximum={250}
      step={0.1}
      squared
      onChange={(radius) => set({ ...settings, radius })}
    />
  );
}

function Fields({ settings }: { readonly settings: FilterSettings }) {
  switch (settings.type) {
    case 'gaussian-blur':
      return <Radius settings={settings} />;
    case 'sharpen':
      return (
        <>
          <Radius settings={settings} />
          <ValueSlider
            label="Amount"
            value={settings.amount}
            minimum={0}
            maximum={5}
            step={0.01}
            format={PERCENT}
            onChange={(amount) => set({ ...settings, amount })}
          />
        </>
      );
    case 'noise':
      return (
        <>
          <ValueSlider
            label="Amount"
            value={settings.amount}
            minimum={0}
            maximum={1}
            step={0.01}
            format={PERCENT}
            onChange={(amount) => set({ ...settings, amount })}
          />
          <ToggleButton
            className="button toggle"
            isSelected={settings.monochrome}
            onChange={(monochrome) => set({ ...settings, monochrome })}
          >
            One for all channels
          </ToggleButton>
        </>
      );
    case 'pixelate':
      return (
        <ValueSlider
          label="Size"
          value={settings.size}
          minimum={2}
          maximum={500}
          squared
          onChange={(size) => set({ ...settings, size: Math.round(size) })}
        />
      );
  }
}

function apply(): void {
  pendingAct.getState().act?.apply();
}

function cancel(): void {
  pendingAct.getState().act?.cancel();
}

/** The filter that is being set, over the canvas so that the picture is seen while it is. */
export function FilterPanel() {
  const settings = useFilter((state) => state.settings);
  if (!settings) return null;
  const name = FILTER_NAMES[settings.type];
  return (
    <section className="effect-editor" aria-label={name}>
      <div
        role="presentation"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          cancel();
        }}
      >
        <header>
          <h2 className="grow ellipsis">{name}</h2>
          <IconButton icon={X} label={`Cancel ${name}`} size={16} onPress={cancel} />
        </header>
        <div className="effect-body">
          <Fields settings={settings} />
          <ApplyButtons onCancel={cancel} onApply={apply} />
        </div>
      </div>
    </section>
  );
}
