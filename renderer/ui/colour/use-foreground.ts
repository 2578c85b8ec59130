import { useState } from 'react';
import { parseColor } from 'react-aria-components';
import { chooseForeground, usePaint } from '../../state/paint-store.ts';

/** The foreground as an HSB colour that keeps its hue while it is grey. */
export function useForeground() {
  const foreground = usePaint((state) => state.foreground);
  const [held, setHeld] = useState(() => parseColor(foreground).toFormat('hsb'));
  const change = (next: typeof held): void => {
    setHeld(next);
    chooseForeground(next.toString('hex'));
  };
  if (held.toString('hex').toLowerCase() === foreground) return [held, change] as const;
  const chosen = parseColor(foreground).toFormat('hsb');
  // Grey and black have no hue of their own; the one in hand stays.
  const grey = chosen.getChannelValue('saturation') === 0;
  return [grey ? chosen.withChannelValue('hue', held.getChannelValue('hue')) : chosen, change] as const;
}
