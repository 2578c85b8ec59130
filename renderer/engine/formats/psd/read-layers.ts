import type { Layer } from 'ag-psd';
import { LAYER_LABELS, type LayerLabel } from '../../layers/layer-label.ts';
import type { LayerText } from '../../layers/layer-text.ts';
import type { LayerMask } from '../../layers/layer-mask.ts';
import { fileRecord, type FileLayer, type FileLoss, type MaskBlock } from '../picture-file.ts';
import { fromPsdAdjustment } from './adjustments.ts';
import { fromPsdBlend } from './blend-modes.ts';
import { overlayLayers } from './colour-overlay.ts';
import { fromPsdFill } from './fills.ts';
import { listLosses } from './layer-losses.ts';
import { keptFeather, readMaskWithVector } from './layer-masks.ts';
import type { PsdHeader } from './psd-header.ts';
import type { Inflate } from './read-channel.ts';
import { hasPixels, readLayerPixels } from './read-layer-pixels.ts';
import { fromPsdText } from './text.ts';
import type { ColourContext } from './to-rgba.ts';

/** Longest layer name that a document keeps, in UTF-16 units. */
const MAX_NAME = 256;

/**
 * Turns a PSD's layers into the engine's, in order, and lists what cannot stay as it was.
 * @param losses added to.
 */
export function readLayers(
  layers: readonly Layer[],
  header: PsdHeader,
  context: ColourContext,
  inflate: Inflate,
  losses: FileLoss[],
): FileLayer[] {
  return layers.flatMap((layer) => {
    const read = readLayer(layer, header, context, inflate, losses);
    losses.push(...listLosses(layer));
    return [read, ...overlayLayers(layer, read)];
  });
}

function readLayer(
  layer: Layer,
  header: PsdHeader,
  context: ColourContext,
  inflate: Inflate,
  losses: FileLoss[],
): FileLayer {
  const { mask, pixels: maskPixels } = maskOf(layer, header, context, inflate);
  const common = {
    name: trimName(layer.name ?? ''),
    visible: layer.hidden !== true,
    opacity: layer.opacity ?? 1,
    fillOpacity: layer.fillOpacity ?? 1,
    blend: fromPsdBlend(layer.blendMode),
    locked: layer.protected?.composite === true,
    alphaLocked: layer.protected?.transparency === true || layer.transparencyProtected === true,
    clipped: layer.clipping === true,
    mask,
    ...labelOf(layer),
  };
  if (layer.children) {
    const children = readLayers(layer.children, header, context, inflate, losses);
    return { record: fileRecord({ ...common, kind: 'group' }), pixels: null, mask: maskPixels, children };
  }
  const special = specialKind(layer, header, losses);
  const record = fileRecord({
    ...common,
    ...special,
    ...(special.kind === undefined && textOf(layer, losses)),
  });
  const pixels =
    record.kind === 'paint' && hasPixels(layer) ? () => readLayerPixels(layer, context, inflate) : null;
  return { record, pixels, mask: maskPixels, children: [] };
}

/** The colour of a layer's row. */
function labelOf({ layerColor }: Layer): { label?: LayerLabel } {
  const label = LAYER_LABELS.find((each) => each === (layerColor === 'gray' ? 'grey' : layerColor));
  return label ? { label } : {};
}

/** What makes a layer an adjustment or a fill; nothing for a layer of pixels. */
function specialKind(
  layer: Layer,
  canvas: PsdHeader,
  losses: FileLoss[],
): Pick<Partial<FileLayer['record']>, 'kind' | 'adjustment' | 'fill'> {
  const name = layer.name ?? '';
  if (layer.adjustment) {
    const mapped = fromPsdAdjustment(layer.adjustment);
    if (mapped?.lost) losses.push({ layer: name, feature: mapped.lost, outcome: 'changed' });
    if (mapped) return { kind: 'adjustment', adjustment: mapped.settings };
    losses.push({ layer: name, feature: adjustmentName(layer.adjustment.type), outcome: 'left-out' });
    return {};
  }
  // A shape comes with its pixels drawn; so does a fill by a program that draws them.
  if (!layer.vectorFill || (layer.vectorMask && hasPixels(layer))) return {};
  const fill = fromPsdFill(layer.vectorFill, canvas);
  if (fill) return { kind: 'fill', fill };
  const kind = layer.vectorFill.type === 'pattern' ? 'Pattern Fill' : 'Gradient Fill';
  losses.push({ layer: name, feature: kind, outcome: hasPixels(layer) ? 'pixels' : 'left-out' });
  return {};
}

/** Text that can be written again here. Its pixels stay Photoshop's until it is. */
function textOf({ text, name = '', ...layer }: Layer, losses: FileLoss[]): { text?: LayerText } {
  if (!text) return {};
  const read = fromPsdText(text);
  const drawn = hasPixels(layer);
  if ('beyond' in read)
    losses.push({ layer: name, feature: read.beyond, outcome: drawn ? 'pixels' : 'left-out' });
  else if (!drawn && text.text.trim() !== '')
    losses.push({ layer: name, feature: 'Text without its pixels (edit it to draw it)', outcome: 'changed' });
  return 'text' in read ? { text: read.text } : {};
}

function adjustmentName(type: string): string {
  return type.replace(
    /(^|[ /&])([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

function maskOf(
  layer: Layer,
  header: PsdHeader,
  context: ColourContext,
  inflate: Inflate,
): { mask: LayerMask | null; pixels: (() => Promise<MaskBlock | null>) | null } {
  const { mask, vectorMask } = layer;
  const drawn = vectorMask !== undefined && !(layer.vectorFill !== undefined && hasPixels(layer));
  if (!mask && !drawn) return { mask: null, pixels: null };
  const record: LayerMask = {
    enabled: mask ? mask.disabled !== true : vectorMask?.disable !== true,
    linked: mask ? mask.positionRelativeToLayer !== true : vectorMask?.notLink !== true,
    density: mask?.userMaskDensity ?? mask?.vectorMaskDensity ?? 1,
    outside: (mask?.defaultColor ?? 0) >= 128 ? 1 : 0,
    feather: keptFeather(layer, drawn ? vectorMask : undefined),
  };
  return {
    mask: record,
    pixels: async () => readMaskWithVector(layer, drawn ? vectorMask : undefined, header, context, inflate),
  };
}

/** Cut to what a document keeps, never within a character. */
function trimName(name: string): string {
  if (name.length <= MAX_NAME) return name;
  const cut = name.slice(0, MAX_NAME);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
