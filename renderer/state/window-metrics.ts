/** Named arrangements of the window. */
export type Preset = 'paint' | 'generate';

/** Which row of the layout table a window falls under. */
export type WindowClass = 'compact' | 'small' | 'medium' | 'large';

/** Widths and heights of the window's regions in CSS px; 0 means that the region is absent. */
export interface WindowMetrics {
  readonly rail: number;
  readonly left: number;
  readonly right: number;
  readonly rightSecond: number;
  readonly options: number;
  readonly prompt: number;
  /** Docks are strips of icons whose panels fly out. */
  readonly flyOut: boolean;
}

/**
 * Chooses the layout for a window of `width` × `height` CSS px. What gives way first as the width falls: the left
 * dock, then the second right dock, then the tool options and the docks themselves.
 */
export function windowClass(width: number, height: number): WindowClass {
  if (width < 1100 || height < 640) return 'compact';
  if (width < 1680) return 'small';
  return width < 2240 ? 'medium' : 'large';
}

const TABLE: Record<
  Preset,
  Record<Exclude<WindowClass, 'compact'>, readonly [number, number, number, number]>
> = {
  paint: { small: [44, 0, 264, 0], medium: [48, 240, 288, 0], large: [48, 272, 320, 0] },
  generate: { small: [44, 0, 304, 0], medium: [48, 0, 336, 288], large: [48, 272, 360, 320] },
};

/** Sizes of all regions for a preset in a window of the given size, as the interaction brief's table has them. */
export function windowMetrics(preset: Preset, width: number, height: number): WindowMetrics {
  const kind = windowClass(width, height);
  if (kind === 'compact') {
    return { rail: 44, left: 0, right: 44, rightSecond: 0, options: 0, prompt: 56, flyOut: true };
  }
  const [rail, left, right, rightSecond] = TABLE[preset][kind];
  return {
    rail,
    left,
    right,
    rightSecond,
    options: 40,
    prompt: preset === 'generate' ? 96 : 56,
    flyOut: false,
  };
}
