/** The numbers of a wheel event that tell a trackpad from a wheel. */
export interface WheelFacts {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** What a wheel does, for people whose device is guessed wrongly. */
export type WheelMode = 'auto' | 'zoom' | 'pan';

/** What a wheel event asks for; distances in CSS px. */
export type WheelIntent =
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number };

const LINE = 16;
const PAGE = 400;

/**
 * Reads a wheel event: a wheel zooms at the pointer, two fingers on a trackpad pan and a pinch (which browsers report
 * as a wheel with Ctrl) zooms. Sideways movement or a fractional distance means a trackpad.
 */
export function wheelIntent(event: WheelFacts, mode: WheelMode = 'auto'): WheelIntent {
  const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? PAGE : 1;
  const dx = event.deltaX * unit;
  const dy = event.deltaY * unit;
  const fractional = !Number.isInteger(event.deltaY) || !Number.isInteger(event.deltaX);
  const trackpad = event.deltaMode === 0 && (event.deltaX !== 0 || fractional);
  if (event.ctrlKey) return { kind: 'zoom', factor: Math.exp(-dy * (trackpad || fractional ? 0.01 : 0.003)) };
  if (event.shiftKey) return { kind: 'pan', dx: dx === 0 ? dy : dx, dy: 0 };
  if (mode === 'pan' || (mode === 'auto' && trackpad)) return { kind: 'pan', dx, dy };
  return { kind: 'zoom', factor: 2 ** (-Math.sign(dy) * Math.min(1, Math.abs(dy) / 240)) };
}
