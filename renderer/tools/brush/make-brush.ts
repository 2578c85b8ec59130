import { type Brush, brushWith } from '../../engine/brush/brush.ts';
import { compileCurve, sampleCurve } from '../../engine/brush/curve.ts';
import { BRUSH_PRESETS } from '../../engine/brush/presets.ts';
import type { BrushSettings } from '../../state/paint-store.ts';

/** Presets of one mode, in the order in which they are shown. */
export function presetsFor(mode: 'paint' | 'erase'): readonly Brush[] {
  return BRUSH_PRESETS.filter((preset) => preset.mode === mode);
}

/** The engine's brush for the settings in hand: the preset, with what the tool options changed. */
export function makeBrush(settings: BrushSettings, mode: 'paint' | 'erase'): Brush {
  const preset = BRUSH_PRESETS.find((each) => each.id === settings.presetId) ?? brushWith({});
  return {
    ...preset,
    size: settings.size,
    opacity: settings.opacity,
    flow: settings.flow,
    hardness: settings.hardness,
    stabiliser: settings.stabiliser,
    mode,
  };
}

/** Settings as a preset has them. */
export function presetSettings(preset: Brush): BrushSettings {
  const { id, size, opacity, flow, hardness, stabiliser } = preset;
  return { presetId: id, size, opacity, flow, hardness, stabiliser };
}

/** Diameter of the dab that a pressure gives, in document pixels: what the cursor shows while the pen is down. */
export function dabSize(settings: BrushSettings, pressure: number): number {
  const preset = BRUSH_PRESETS.find((each) => each.id === settings.presetId);
  const factors = (preset?.dynamics.size ?? [])
    .filter(({ sensor }) => sensor === 'pressure')
    .map(({ curve }) => sampleCurve(compileCurve(curve), pressure));
  return factors.reduce((size, factor) => size * factor, settings.size);
}
