import type { BlendMode as PsdBlendMode } from 'ag-psd';
import type { BlendMode } from '../../layers/blend-mode.ts';

/** Modes whose names are not the same words with a hyphen. */
const RENAMED: Partial<Record<PsdBlendMode, BlendMode>> = {
  // What Photoshop's bump channels call them; on layers they count as the nearest common mode.
  'linear height': 'normal',
  height: 'normal',
  subtraction: 'subtract',
};

/** A PSD's blend mode in the engine's words. */
export function fromPsdBlend(mode: PsdBlendMode | undefined): BlendMode {
  if (mode === undefined) return 'normal';
  return RENAMED[mode] ?? (mode.replaceAll(' ', '-') as BlendMode);
}

/** The engine's blend mode in ag-psd's words. */
export function toPsdBlend(mode: BlendMode): PsdBlendMode {
  return mode.replaceAll('-', ' ') as PsdBlendMode;
}
