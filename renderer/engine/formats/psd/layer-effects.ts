import type { Layer, LayerEffectSolidFill } from 'ag-psd';

/** Effects by their name in Photoshop. */
const EFFECT_NAMES = {
  dropShadow: 'Drop Shadow',
  innerShadow: 'Inner Shadow',
  outerGlow: 'Outer Glow',
  innerGlow: 'Inner Glow',
  bevel: 'Bevel & Emboss',
  satin: 'Satin',
  stroke: 'Stroke',
  gradientOverlay: 'Gradient Overlay',
  patternOverlay: 'Pattern Overlay',
} as const;

interface Switchable {
  readonly enabled?: boolean;
}

function isOn(effect: Switchable | readonly Switchable[] | undefined): boolean {
  if (effect === undefined) return false;
  return Array.isArray(effect) ? effect.some(isOn) : (effect as Switchable).enabled === true;
}

/** The layer's colour overlays that are switched on, bottom to top. */
export function colourOverlays({ effects }: Layer): LayerEffectSolidFill[] {
  if (!effects || effects.disabled === true) return [];
  // Photoshop lists effects of one kind from the top.
  return (effects.solidFill ?? []).filter(isOn).toReversed();
}

/** Names of the effects that are switched on and for which the engine has nothing. */
export function unknownEffects({ effects }: Layer): string[] {
  if (!effects || effects.disabled === true) return [];
  return Object.entries(EFFECT_NAMES)
    .filter(([key]) => isOn(effects[key as keyof typeof EFFECT_NAMES]))
    .map(([, name]) => name);
}
