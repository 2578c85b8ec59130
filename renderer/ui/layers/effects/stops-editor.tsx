import { Plus, X } from 'lucide-react';
import type { GradientStop } from '../../../engine/layers/fill.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { ValueSlider } from '../../controls/value-slider.tsx';
import { ColourInput } from './colour-input.tsx';
import type { EditorProps } from './editor-props.ts';

type Stops = readonly GradientStop[];

const MOST_STOPS = 16;

function css({ colour, opacity, at }: GradientStop): string {
  const [red, green, blue] = colour.map((value) => Math.round(value * 255));
  return `rgb(${red} ${green} ${blue} / ${opacity}) ${at * 100}%`;
}

/** Adds a stop in the widest gap, of the colour that is there. */
function withNewStop(stops: Stops): Stops {
  const sorted = stops.toSorted((a, b) => a.at - b.at);
  const gaps = sorted.slice(1).map((stop, index) => stop.at - (sorted[index]?.at ?? 0));
  const widest = Math.max(0, gaps.indexOf(Math.max(...gaps)));
  const low = sorted[widest];
  const high = sorted[widest + 1] ?? low;
  if (!low || !high) return stops;
  const middle = (a: number, b: number): number => (a + b) / 2;
  const colour = [
    middle(low.colour[0], high.colour[0]),
    middle(low.colour[1], high.colour[1]),
    middle(low.colour[2], high.colour[2]),
  ] as const;
  const stop = { at: middle(low.at, high.at), colour, opacity: middle(low.opacity, high.opacity) };
  return sorted.toSpliced(widest + 1, 0, stop);
}

/** The stops of a gradient as a list: place, colour and, where asked, opacity of each. */
export function StopsEditor({
  value,
  onChange,
  onChangeEnd,
  withOpacity = false,
}: EditorProps<Stops> & { readonly withOpacity?: boolean }) {
  const changed = (index: number, change: Partial<GradientStop>): Stops =>
    value.map((stop, at) => (at === index ? { ...stop, ...change } : stop));
  const bar = value.toSorted((a, b) => a.at - b.at);
  const gradient = bar.length > 1 ? `linear-gradient(to right, ${bar.map(css).join(', ')})` : undefined;
  return (
    <div className="stops">
      <div className="stops-bar" style={{ backgroundImage: gradient }} aria-hidden />
      {value.map((stop, index) => (
        <fieldset className="stop" key={index} aria-label={`Stop ${index + 1}`}>
          <ColourInput
            label={`Colour of stop ${index + 1}`}
            value={stop.colour}
            onChange={(colour) => onChange(changed(index, { colour }))}
            onChangeEnd={(colour) => onChangeEnd(changed(index, { colour }))}
          />
          <ValueSlider
            label={`Place ${index + 1}`}
            value={stop.at}
            minimum={0}
            maximum={1}
            step={0.01}
            format={{ style: 'percent' }}
            onChange={(at) => onChange(changed(index, { at }))}
            onChangeEnd={(at) => onChangeEnd(changed(index, { at }))}
          />
          <IconButton
            icon={X}
            label={`Remove stop ${index + 1}`}
            size={16}
            isDisabled={value.length <= 2}
            onPress={() => onChangeEnd(value.toSpliced(index, 1))}
          />
          {withOpacity && (
            <ValueSlider
              className="stop-opacity"
              label={`Opacity ${index + 1}`}
              value={stop.opacity}
              minimum={0}
              maximum={1}
              step={0.01}
              format={{ style: 'percent' }}
              onChange={(opacity) => onChange(changed(index, { opacity }))}
              onChangeEnd={(opacity) => onChangeEnd(changed(index, { opacity }))}
            />
          )}
        </fieldset>
      ))}
      <IconButton
        icon={Plus}
        label="Add stop"
        size={16}
        isDisabled={value.length >= MOST_STOPS}
        onPress={() => onChangeEnd(withNewStop(value))}
      />
    </div>
  );
}
