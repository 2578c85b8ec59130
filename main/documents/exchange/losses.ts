import type { LayerRecord } from '../../../preload/contract/index.ts';
import type { Aids } from '../../../renderer/engine/aids/aids.ts';
import type { FileLoss } from '../../../renderer/engine/formats/picture-file.ts';
import { isGenericFamily } from '../../../renderer/engine/formats/psd/font-names.ts';
import { styledRanges } from '../../../renderer/engine/layers/text-runs.ts';
import { toCompositeOp } from '../../../renderer/engine/formats/ora/composite-ops.ts';
import { aidLosses } from './aids-in-files.ts';
import type { FileKind } from './file-kind.ts';

/** What of a document decides whether a format can hold it. */
export interface HeldContent {
  readonly depth: 8 | 16;
  readonly layers: readonly LayerRecord[];
  readonly hasHistory: boolean;
  readonly aids: Aids;
  /** True when no pixel of the picture is known to let anything through. */
  readonly opaque: boolean;
}

/** The modes for which fill opacity is not the same as opacity (Photoshop's "special eight"). */
const SPECIAL_FILL: readonly LayerRecord['blend'][] = [
  'color-burn',
  'linear-burn',
  'color-dodge',
  'linear-dodge',
  'vivid-light',
  'linear-light',
  'hard-mix',
  'difference',
];

/** Everything that a kind of file cannot hold of a document, layer by layer. Nothing for `.impasto`. */
export function lossesOnExport(content: HeldContent, kind: FileKind): FileLoss[] {
  switch (kind) {
    case 'impasto':
      return [];
    case 'psd':
    case 'psb':
      return [
        ...content.layers.flatMap(psdLosses),
        ...aidLosses(content.aids, kind),
        ...historyLoss(content),
      ];
    case 'ora':
      return [
        ...content.layers.flatMap(oraLosses),
        ...aidLosses(content.aids, kind),
        ...historyLoss(content),
      ];
    case 'png':
    case 'jpeg':
    case 'webp':
    case 'avif':
    case 'tiff':
    case 'exr':
      return [...flatLosses(content, kind), ...aidLosses(content.aids, kind), ...historyLoss(content)];
  }
}

function historyLoss({ hasHistory }: HeldContent): FileLoss[] {
  return hasHistory ? [{ layer: null, feature: 'Undo history', outcome: 'left-out' }] : [];
}

/** Text stays as it looks. */
function textLoss({ name, text }: LayerRecord): FileLoss[] {
  return text ? [{ layer: name, feature: 'Text', outcome: 'pixels' }] : [];
}

/** A guide goes out as a hidden layer. */
function guideLoss({ name, guide }: LayerRecord): FileLoss[] {
  return guide ? [{ layer: name, feature: 'Use as guide', outcome: 'left-out' }] : [];
}

function psdLosses(record: LayerRecord): FileLoss[] {
  const { name: layer, fill, recipe } = record;
  const losses: FileLoss[] = [...guideLoss(record)];
  const fonts = record.text ? styledRanges(record.text).map(({ style }) => style.font) : [];
  for (const font of new Set(fonts.filter(isGenericFamily)))
    losses.push({ layer, feature: `Font "${font}"`, outcome: 'changed' });
  if (recipe !== undefined && recipe !== null) losses.push({ layer, feature: 'Recipe', outcome: 'left-out' });
  if (fill?.type === 'gradient')
    losses.push({ layer, feature: 'Exact ends of the gradient', outcome: 'changed' });
  return losses;
}

function oraLosses(record: LayerRecord): FileLoss[] {
  const { name: layer, kind, blend, recipe } = record;
  const losses: FileLoss[] = [...guideLoss(record), ...textLoss(record)];
  const add = (feature: string, outcome: FileLoss['outcome'], when: boolean): void => {
    if (when) losses.push({ layer, feature, outcome });
  };
  add('Adjustment', 'left-out', kind === 'adjustment');
  add('Fill', 'pixels', kind === 'fill');
  add('Mask', kind === 'group' ? 'left-out' : 'pixels', record.mask !== null && kind !== 'adjustment');
  add('Clipping mask', 'changed', record.clipped);
  add(`Blend mode "${blend}" of a clipped layer`, 'left-out', record.clipped && blend !== 'normal');
  const isPlainGroup = blend === 'pass-through' && record.opacity === 1;
  const { knownTo } = toCompositeOp(blend);
  const others = `other programs${knownTo === 'Krita' ? ' than Krita' : ''}`;
  add(`Blend mode "${blend}" in ${others}`, 'changed', !isPlainGroup && knownTo !== 'all' && !record.clipped);
  add('Fill opacity', 'changed', record.fillOpacity < 1 && SPECIAL_FILL.includes(blend));
  add('Alpha lock', 'left-out', record.alphaLocked);
  add('Recipe', 'left-out', recipe !== undefined && recipe !== null);
  return losses;
}

function flatLosses({ layers, depth, opaque }: HeldContent, kind: FileKind): FileLoss[] {
  const losses: FileLoss[] = [];
  const add = (feature: string, outcome: FileLoss['outcome'], when: boolean): void => {
    if (when) losses.push({ layer: null, feature, outcome });
  };
  add(`${layers.length} layers`, 'pixels', layers.length > 1);
  add('Transparency', 'left-out', kind === 'jpeg' && !opaque);
  add('16 bits a channel', 'changed', depth === 16 && (kind === 'jpeg' || kind === 'webp'));
  add('16 bits a channel (10 are kept)', 'changed', depth === 16 && kind === 'avif');
  add('Colour profile (light is written, with the primaries of sRGB)', 'changed', kind === 'exr');
  add(
    'Text',
    'pixels',
    layers.some(({ text }) => text),
  );
  const recipes = layers.some(({ recipe }) => recipe !== undefined && recipe !== null);
  add('Recipes', 'left-out', recipes && kind !== 'png');
  return losses;
}

/** Which way something is lost: from a file into a document, or from a document into a file. */
export type LossDirection = 'import' | 'export';

const OUTCOMES = {
  import: {
    pixels: 'They come in as pixels',
    changed: 'They look nearly the same',
    'left-out': 'They are left out',
  },
  export: {
    pixels: 'They go out as pixels',
    changed: 'They look nearly the same',
    'left-out': 'They are left out',
  },
} as const;

/**
 * Losses as sentences, one for each outcome, such as `2 of 41 layers use what cannot stay editable: Bevel ("Sky"), Stroke
 * ("Fox"). They are left out.`
 */
export function lossSentences(
  losses: readonly FileLoss[],
  layerCount: number,
  direction: LossDirection,
): string[] {
  return (['left-out', 'pixels', 'changed'] as const).flatMap((outcome) => {
    const these = losses.filter((loss) => loss.outcome === outcome);
    const ofLayers = these.filter(({ layer }) => layer !== null);
    const whole = these.filter(({ layer }) => layer === null);
    const sentences: string[] = [];
    if (ofLayers.length > 0) {
      const count = new Set(ofLayers.map(({ layer }) => layer)).size;
      const verb = direction === 'import' ? 'cannot stay editable' : 'the file cannot hold';
      const uses = `layers ${count === 1 ? 'uses' : 'use'} what`;
      sentences.push(
        `${count} of ${layerCount} ${uses} ${verb}: ${listed(ofLayers)}. ${OUTCOMES[direction][outcome]}.`,
      );
    }
    if (whole.length > 0) sentences.push(wholeSentence(outcome, whole));
    return sentences;
  });
}

/** A sentence about the whole picture, that fits one feature and several. */
function wholeSentence(outcome: FileLoss['outcome'], losses: readonly FileLoss[]): string {
  const features = losses.map(({ feature }) => feature).join(', ');
  if (outcome === 'pixels') return `${features} become one picture.`;
  return `${outcome === 'changed' ? 'Converted' : 'Left out'}: ${features}.`;
}

/** Features with the layers that have them, so many that a person would read them. */
function listed(losses: readonly FileLoss[]): string {
  const byFeature = Map.groupBy(losses, ({ feature }) => feature);
  return [...byFeature]
    .map(([feature, these]) => {
      const names = [...new Set(these.map(({ layer }) => `"${layer}"`))];
      const shown = names.slice(0, 3).join(', ');
      return `${feature} (${shown}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`;
    })
    .join(', ');
}
