import { strToU8, zipSync, type Zippable } from 'fflate';
import { CpuCompositor } from '../../compositor/cpu.ts';
import { PaintDocument } from '../../document.ts';
import { layerRecord } from '../../layers/layer-record.ts';
import type { FileLayer, LayeredPicture, MaskBlock, PixelBlock } from '../picture-file.ts';
import { SOURCE_ATOP, toCompositeOp } from './composite-ops.ts';
import { printXml, type XmlElement } from './xml.ts';

/** What an OpenRaster file's writer is given. */
export interface OraWriting {
  /** Encodes RGBA of the picture's depth, with its profile, as PNG. */
  readonly encodePng: (block: Omit<PixelBlock, 'x' | 'y'>) => Promise<Uint8Array>;
  /** The picture as it is seen, as PNG. */
  readonly merged: Uint8Array;
  /** The same within 256 × 256 pixels. */
  readonly thumbnail: Uint8Array;
  /** Called after each layer; throws to stop. */
  readonly onLayer: (name: string) => void;
}

/**
 * Writes an OpenRaster file (specification 0.0.5). Masks are worked into their layers and fills become pixels; a layer
 * with others clipped to it becomes a stack of its own in which those lie atop; adjustment layers are left out.
 */
export async function writeOra(picture: LayeredPicture, writing: OraWriting): Promise<Uint8Array> {
  const files: Zippable = {
    // Readers look for it at a fixed place: first, and stored as it is.
    mimetype: [strToU8('image/openraster'), { level: 0 }],
  };
  const state: State = { picture, writing, files, count: 0 };
  const entries = await stackEntries(picture.layers, state);
  const image: XmlElement = {
    name: 'image',
    attributes: {
      version: '0.0.5',
      w: String(picture.width),
      h: String(picture.height),
      xres: String(Math.round(picture.resolution ?? 72)),
      yres: String(Math.round(picture.resolution ?? 72)),
    },
    children: [{ name: 'stack', attributes: {}, children: entries }],
  };
  files['stack.xml'] = [strToU8(`<?xml version="1.0" encoding="UTF-8"?>\n${printXml(image)}`), { level: 6 }];
  files['mergedimage.png'] = [writing.merged, { level: 0 }];
  files['Thumbnails/thumbnail.png'] = [writing.thumbnail, { level: 0 }];
  return zipSync(files);
}

interface State {
  readonly picture: LayeredPicture;
  readonly writing: OraWriting;
  readonly files: Zippable;
  count: number;
}

/** Elements from the top, as the file lists them. */
async function stackEntries(layers: readonly FileLayer[], state: State): Promise<XmlElement[]> {
  const entries: XmlElement[] = [];
  for (let i = 0; i < layers.length;) {
    const base = layers[i++] as FileLayer;
    const clips: FileLayer[] = [];
    while (layers[i]?.record.clipped) clips.push(layers[i++] as FileLayer);
    const own = await entryOf(base, state, null);
    const atop: XmlElement[] = [];
    for (const clip of clips) {
      const entry = await entryOf(clip, state, SOURCE_ATOP);
      if (entry) atop.unshift(entry);
    }
    if (!own) continue;
    if (atop.length === 0 || base.record.clipped) entries.unshift(...atop, own);
    else entries.unshift(clippingStack(own, atop));
  }
  return entries;
}

/** A base and what is clipped to it: a stack that looks as the base would, with the base plain within. */
function clippingStack(base: XmlElement, atop: readonly XmlElement[]): XmlElement {
  const { name = '', opacity = '1', visibility = 'visible' } = base.attributes;
  const plain = { ...base.attributes, opacity: '1', visibility: 'visible', 'composite-op': 'svg:src-over' };
  return {
    name: 'stack',
    attributes: {
      name,
      opacity,
      visibility,
      isolation: 'isolate',
      'composite-op': base.attributes['composite-op'] ?? 'svg:src-over',
    },
    children: [...atop, { ...base, attributes: plain }],
  };
}

async function entryOf(layer: FileLayer, state: State, operator: string | null): Promise<XmlElement | null> {
  const { record } = layer;
  const through = record.blend === 'pass-through';
  const common = {
    name: record.name,
    opacity: String(round(record.opacity * (record.kind === 'group' ? 1 : record.fillOpacity))),
    visibility: record.visible ? 'visible' : 'hidden',
    'composite-op': operator ?? toCompositeOp(through ? 'normal' : record.blend).op,
    ...(record.locked && { 'edit-locked': 'true' }),
  };
  if (record.kind === 'adjustment') return null;
  if (record.kind === 'group') {
    const children = await stackEntries(layer.children, state);
    const isolation = through && record.opacity === 1 ? 'auto' : 'isolate';
    return { name: 'stack', attributes: { ...common, isolation }, children };
  }
  const pixels = await pixelsOf(layer, state.picture);
  const src = `data/layer${state.count++}.png`;
  const block = pixels ?? emptyBlock(state.picture.depth);
  state.files[src] = [await state.writing.encodePng(block), { level: 0 }];
  state.writing.onLayer(record.name);
  return {
    name: 'layer',
    attributes: { ...common, src, x: String(block.x), y: String(block.y) },
    children: [],
  };
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function emptyBlock(depth: 8 | 16): PixelBlock {
  return { x: 0, y: 0, width: 1, height: 1, data: depth === 8 ? new Uint8Array(4) : new Uint16Array(4) };
}

/** A layer's pixels, or its fill's, with its mask worked into their alpha. */
async function pixelsOf(layer: FileLayer, picture: LayeredPicture): Promise<PixelBlock | null> {
  const { record } = layer;
  const pixels = record.fill ? fillBlock(record.fill, picture) : ((await layer.pixels?.()) ?? null);
  if (!pixels || !record.mask?.enabled) return pixels;
  return maskBlock(pixels, (await layer.mask?.()) ?? null, record.mask);
}

/** A fill as the compositor draws it. */
function fillBlock(
  fill: NonNullable<FileLayer['record']['fill']>,
  { width, height, depth }: LayeredPicture,
): PixelBlock {
  const document = new PaintDocument(width, height, [layerRecord({ id: 'fill', kind: 'fill', fill })], {
    depth,
  });
  const data = depth === 8 ? new Uint8Array(width * height * 4) : new Uint16Array(width * height * 4);
  const compositor = new CpuCompositor(document, { cacheBytes: 0 });
  compositor.render(document.canvas, data);
  compositor.dispose();
  return { x: 0, y: 0, width, height, data };
}

function maskBlock(
  pixels: PixelBlock,
  mask: MaskBlock | null,
  { density, outside }: NonNullable<FileLayer['record']['mask']>,
): PixelBlock {
  const data = pixels.data.slice();
  const maximum = data instanceof Uint8Array ? 255 : 65535;
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const column = pixels.x + x - (mask?.x ?? 0);
      const row = pixels.y + y - (mask?.y ?? 0);
      const inside = mask && column >= 0 && row >= 0 && column < mask.width && row < mask.height;
      const value = inside ? (mask.data[row * mask.width + column] as number) / maximum : outside;
      const i = (y * pixels.width + x) * 4 + 3;
      data[i] = Math.round((data[i] as number) * (1 - density * (1 - value)));
    }
  }
  return { ...pixels, data };
}
