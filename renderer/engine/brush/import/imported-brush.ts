import { EngineError } from '../../error.ts';
import type { Brush } from '../brush.ts';

/** A brush of another program as this engine paints it. */
export interface ImportedBrush {
  /** Checked; its id is made from its name and may be taken already. */
  readonly brush: Brush;
  /** What of the original is left out or only near, a sentence each. */
  readonly notes: readonly string[];
}

/** Everything that a brush file held. */
export interface ImportedFile {
  readonly program: 'Photoshop' | 'MyPaint' | 'GIMP';
  /** What the file says of its own layout, such as `6.2`. */
  readonly version: string;
  readonly brushes: readonly ImportedBrush[];
}

/** Says that a file cannot be read as brushes. */
export function unreadable(reason: string): EngineError {
  return new EngineError('unreadable-file', `This brush file cannot be read: ${reason}.`);
}

/** A name as people gave it, without what no name has; `fallback` where nothing is left. */
export function tidyName(name: unknown, fallback: string): string {
  if (typeof name !== 'string') return fallback;
  // Photoshop writes names of presets as `$$$/Path/To/Name=Name`.
  const shown = name.startsWith('$$$') ? (name.split('=').at(-1) ?? '') : name;
  return (
    shown
      .replaceAll(/\p{Cc}/gu, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 80) || fallback
  );
}

/** An id that file names can hold, from a name; accents and other scripts are left out. */
export function idFrom(name: string, number: number): string {
  const stem = name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return `imported-${stem || 'brush'}-${number}`;
}

/** A number within a range, or a fallback for what is none. */
export function within(value: unknown, low: number, high: number, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.min(high, Math.max(low, value))
    : fallback;
}
