import { type Brush, brushWith } from '../../engine/brush/brush.ts';
import { compileCurve, sampleCurve } from '../../engine/brush/curve.ts';
import { mirrorSymmetry, radialSymmetry } from '../../engine/brush/symmetry.ts';
import type { Affine } from '../../engine/transform/affine.ts';
import { findBrush } from '../../state/brush-store.ts';
import type { BrushSettings, SmoothingSettings, SymmetrySettings } from '../../state/paint-store.ts';

/** The engine's brush for the settings in hand: the preset, with what the tool options changed. */
export function makeBrush(
  settings: BrushSettings,
  mode: 'paint' | 'erase',
  smoothing: SmoothingSettings,
  documentPixelsPerScreenPixel: number,
): Brush {
  const preset = findBrush(settings.presetId) ?? brushWith({});
  const string =
    smoothing.mode === 'string' ? Math.min(4096, smoothing.stringLength * documentPixelsPerScreenPixel) : 0;
  return {
    ...preset,
    size: settings.size,
    opacity: settings.opacity,
    flow: settings.flow,
    hardness: settings.hardness,
    stabiliser: settings.stabiliser,
    string,
    finishes: smoothing.finish,
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
  const preset = findBrush(settings.presetId);
  const factors = (preset?.dynamics.size ?? [])
    .filter(({ sensor }) => sensor === 'pressure')
    .map(({ curve }) => sampleCurve(compileCurve(curve), pressure));
  return factors.reduce((size, factor) => size * factor, settings.size);
}

/** The shape of a brush's tip: its sides as parts of its diameter, its turn in radians, and whether it has corners. */
export function tipOutline(settings: BrushSettings): {
  readonly width: number;
  readonly height: number;
  readonly angle: number;
  readonly square: boolean;
} {
  const preset = findBrush(settings.presetId);
  if (!preset) return { width: 1, height: 1, angle: 0, square: false };
  const { bitmap, roundness, dynamics } = preset;
  // A tip that turns with the pen or by chance has no turn of its own to show.
  const angle = dynamics.angle ? 0 : (preset.angle * Math.PI) / 180;
  const square = preset.tip === 'bitmap' && bitmap !== null;
  const longer = square ? Math.max(bitmap.width, bitmap.height) : 1;
  return {
    width: square ? bitmap.width / longer : 1,
    height: (square ? bitmap.height / longer : 1) * (dynamics.angle && !square ? 1 : roundness),
    angle,
    square,
  };
}

/** Where each dab is repeated on a canvas of the given size. */
export function symmetryMaps(
  { kind, angle, count, x, y }: SymmetrySettings,
  canvas: { readonly width: number; readonly height: number },
): readonly Affine[] {
  const centre = { x: x * canvas.width, y: y * canvas.height };
  const line = ((angle + 90) * Math.PI) / 180;
  switch (kind) {
    case 'off':
      return [];
    case 'mirror':
      return mirrorSymmetry(centre, line);
    case 'mirror-both':
      // Both lines, and the half turn that the two make together.
      return [
        ...mirrorSymmetry(centre, line),
        ...mirrorSymmetry(centre, line + Math.PI / 2),
        ...radialSymmetry(centre, 2),
      ];
    case 'radial':
      return radialSymmetry(centre, count);
  }
}
