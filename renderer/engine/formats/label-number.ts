import type { LayerLabel } from '../layers/layer-label.ts';

/** Colours of labels by their number, which Krita (KisNodeViewColorScheme) and GIMP (GimpColorTag) share; brown is not here. */
const LABELS: readonly (LayerLabel | null)[] = [
  null,
  'blue',
  'green',
  'yellow',
  'orange',
  null,
  'red',
  'violet',
  'grey',
];

/** The label of a number; null for none, and for those that are not here. */
export function labelOfNumber(number: number): LayerLabel | null {
  return LABELS[number] ?? null;
}
