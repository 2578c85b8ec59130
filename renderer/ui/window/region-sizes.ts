import type { CSSProperties } from 'react';
import type { WindowMetrics } from '../../state/window-metrics.ts';

/** Sizes of the regions as the window's style sheet reads them; `hidden` leaves the canvas alone. */
export function regionSizes(metrics: WindowMetrics, hidden = false): CSSProperties {
  const shown = (width: number): string => `${hidden ? 0 : width}px`;
  return {
    '--rail': shown(metrics.rail),
    '--left': shown(metrics.left),
    '--right': shown(metrics.right),
    '--right-second': shown(metrics.rightSecond),
    // As high as the table says, or as the controls in it need.
    '--options':
      hidden || metrics.options === 0
        ? '0px'
        : `max(${metrics.options}px, calc(var(--control-height) + 4px))`,
    '--prompt-height': `${metrics.prompt}px`,
  } as CSSProperties;
}
