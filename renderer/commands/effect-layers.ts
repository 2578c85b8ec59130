import type { AdjustmentSettings } from '../engine/layers/adjustment-settings.ts';
import type { Fill, FillColour } from '../engine/layers/fill.ts';
import { layerRecord, type LayerRecord } from '../engine/layers/layer-record.ts';
import { addMaskChanges } from '../engine/mask/mask-changes.ts';
import { parseColour } from '../state/colour.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { useLayout } from '../state/layout-store.ts';
import { usePaint } from '../state/paint-store.ts';
import { placeAboveActive } from '../state/document/place-above.ts';
import { freeName } from './layer-edits.ts';

const STRAIGHT = [
  [0, 0],
  [1, 1],
] as const;

/** Adjustments as they begin: nothing is changed yet, but by those whose point is a change. */
export const NEW_ADJUSTMENTS: readonly { readonly name: string; readonly settings: AdjustmentSettings }[] = [
  {
    name: 'Levels',
    settings: { type: 'levels', rgb: { black: 0, white: 1, gamma: 1, outBlack: 0, outWhite: 1 } },
  },
  { name: 'Curves', settings: { type: 'curves', rgb: STRAIGHT } },
  {
    name: 'Hue and saturation',
    settings: { type: 'hue-saturation', hue: 0, saturation: 0, lightness: 0, colorize: false },
  },
  {
    name: 'Colour balance',
    settings: {
      type: 'colour-balance',
      shadows: [0, 0, 0],
      midtones: [0, 0, 0],
      highlights: [0, 0, 0],
      preserveLuminosity: true,
    },
  },
  { name: 'Brightness and contrast', settings: { type: 'brightness-contrast', brightness: 0, contrast: 0 } },
  { name: 'Exposure', settings: { type: 'exposure', exposure: 0, offset: 0, gamma: 1 } },
  { name: 'Invert', settings: { type: 'invert' } },
  {
    name: 'Gradient map',
    settings: {
      type: 'gradient-map',
      stops: [
        { at: 0, colour: [0, 0, 0] },
        { at: 1, colour: [1, 1, 1] },
      ],
      reverse: false,
    },
  },
  { name: 'Posterize', settings: { type: 'posterize', levels: 4 } },
  { name: 'Threshold', settings: { type: 'threshold', level: 0.5 } },
];

/** What people call an adjustment. */
export function adjustmentName(type: AdjustmentSettings['type']): string {
  return NEW_ADJUSTMENTS.find(({ settings }) => settings.type === type)?.name ?? type;
}

function addEffect(
  session: DocumentSession,
  name: string,
  given: Pick<LayerRecord, 'kind'> & Partial<LayerRecord>,
): void {
  const { parent, index } = placeAboveActive(session);
  const layer = layerRecord({ id: crypto.randomUUID(), name: freeName(session, name), parent, ...given });
  const { mask: selection } = session.selection;
  const add = { type: 'layer-add', layer, parent, index } as const;
  const transaction = session.history.begin(`New ${name.toLowerCase()} layer`);
  transaction.apply([add]);
  // With something selected it acts only there, as the field's programs do it.
  if (selection) transaction.apply(addMaskChanges(session.document, layer.id, selection));
  transaction.commit();
  session.chooseLayer(layer.id);
  useLayout.setState({ editedLayerId: layer.id });
}

/** Adds an adjustment layer above the active one and opens its editor. */
export function addAdjustment(session: DocumentSession, settings: AdjustmentSettings): void {
  addEffect(session, adjustmentName(settings.type), { kind: 'adjustment', adjustment: settings });
}

function handColour(hex: string): FillColour {
  const [red, green, blue] = parseColour(hex);
  return [red / 255, green / 255, blue / 255];
}

/** Adds a layer of the colour in hand. */
export function addSolidFill(session: DocumentSession): void {
  const { foreground } = usePaint.getState();
  addEffect(session, 'Colour fill', {
    kind: 'fill',
    fill: { type: 'solid', colour: handColour(foreground) },
  });
}

/** Adds a gradient from the colour in hand to the other one, from top to bottom. */
export function addGradientFill(session: DocumentSession): void {
  const { foreground, background } = usePaint.getState();
  const { width, height } = session.document;
  const fill: Fill = {
    type: 'gradient',
    shape: 'linear',
    stops: [
      { at: 0, colour: handColour(foreground), opacity: 1 },
      { at: 1, colour: handColour(background), opacity: 1 },
    ],
    from: { x: width / 2, y: 0 },
    to: { x: width / 2, y: height },
  };
  addEffect(session, 'Gradient fill', { kind: 'fill', fill });
}
