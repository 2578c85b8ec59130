import { strToU8 } from 'fflate';
import { CpuCompositor } from '../../compositor/cpu.ts';
import { PaintDocument } from '../../document.ts';
import { layerRecord } from '../../layers/layer-record.ts';
import { TILE_SIZE } from '../../tiles/tile.ts';
import {
  type FileLayer,
  inOneStrip,
  type LayeredPicture,
  type LayerStrips,
  type MaskBlock,
  type Strips,
} from '../picture-file.ts';
import { softenBlock } from '../soften-block.ts';
import { SOURCE_ATOP, toCompositeOp } from './composite-ops.ts';
import { type StoredFile, writeZip } from './write-zip.ts';
import { printXml, type XmlElement } from './xml.ts';

/** What an OpenRaster file's writer is given. */
export interface OraWriting {
  /** Encodes strips of RGBA of the picture's depth, with its profile, as PNG. */
  readonly encodePng: (pixels: Omit<LayerStrips, 'x' | 'y'>) => Promise<Uint8Array>;
  /** The picture as it is seen, as PNG. */
  readonly merged: Uint8Array;
  /** The same within 256 × 256 pixels. */
  readonly thumbnail: Uint8Array;
  /** Called after each layer; throws to stop. */
  readonly onLayer: (name: string) => void;
}

/**
 * Writes an OpenRaster file (specification 0.0.5). Masks are worked into their layers and fills become pixels; a layer
 * with others clipped to it becomes a stack of its own in which those lie atop; adjustment layers are left out. Layers come in
 * strips and are never held at once.
 * @returns the file in parts, in order.
 * @throws FormatError beyond 4 GB.
 */
export async function writeOra(picture: LayeredPicture, writing: OraWriting): Promise<Uint8Array[]> {
  // Readers look for it at a fixed place: first, and stored as it is.
  const files: StoredFile[] = [{ name: 'mimetype', bytes: strToU8('image/openraster') }];
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
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${printXml(image)}`;
  files.push(
    { name: 'stack.xml', bytes: strToU8(xml) },
    { name: 'mergedimage.png', bytes: writing.merged },
    { name: 'Thumbnails/thumbnail.png', bytes: writing.thumbnail },
  );
  return writeZip(files);
}

interface State {
  readonly picture: LayeredPicture;
  readonly writing: OraWriting;
  readonly files: StoredFile[];
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
  state.files.push({ name: src, bytes: await state.writing.encodePng(block) });
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

function emptyBlock(depth: 8 | 16): LayerStrips {
  const data = depth === 8 ? new Uint8Array(4) : new Uint16Array(4);
  return { x: 0, y: 0, width: 1, height: 1, strips: () => [data] };
}

/** A layer's pixels, or its fill's, with its mask worked into their alpha. */
async function pixelsOf(layer: FileLayer, picture: LayeredPicture): Promise<LayerStrips | null> {
  const { record, pixelStrips } = layer;
  const pixels = record.fill
    ? fillStrips(record.fill, picture)
    : pixelStrips
      ? pixelStrips()
      : inOneStrip((await layer.pixels?.()) ?? null);
  if (!pixels || !record.mask?.enabled) return pixels;
  const mask = (await layer.mask?.()) ?? null;
  const { feather, outside } = record.mask;
  return maskStrips(
    pixels,
    mask && feather > 0 ? softenBlock(mask, outside, feather, picture) : mask,
    record.mask,
  );
}

/** A fill as the compositor draws it. */
function fillStrips(
  fill: NonNullable<FileLayer['record']['fill']>,
  { width, height, depth }: LayeredPicture,
): LayerStrips {
  function* strips(): Strips {
    const layers = [layerRecord({ id: 'fill', kind: 'fill', fill })];
    const document = new PaintDocument(width, height, layers, { depth });
    const compositor = new CpuCompositor(document, { cacheBytes: 0 });
    for (let y = 0; y < height; y += TILE_SIZE) {
      const strip = { x: 0, y, width, height: Math.min(TILE_SIZE, height - y) };
      const length = width * strip.height * 4;
      const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
      compositor.render(strip, data);
      yield data;
    }
    compositor.dispose();
  }
  return { x: 0, y: 0, width, height, strips };
}

function maskStrips(
  pixels: LayerStrips,
  mask: MaskBlock | null,
  { density, outside }: NonNullable<FileLayer['record']['mask']>,
): LayerStrips {
  const { width } = pixels;
  function* strips(): Strips {
    let top = pixels.y;
    for (const strip of pixels.strips()) {
      const data = strip.slice();
      const maximum = data instanceof Uint8Array ? 255 : 65535;
      for (let i = 3, x = 0, y = 0; i < data.length; i += 4) {
        const column = pixels.x + x - (mask?.x ?? 0);
        const row = top + y - (mask?.y ?? 0);
        const inside = mask && column >= 0 && row >= 0 && column < mask.width && row < mask.height;
        const value = inside ? (mask.data[row * mask.width + column] as number) / maximum : outside;
        data[i] = Math.round((data[i] as number) * (1 - density * (1 - value)));
        if (++x < width) continue;
        x = 0;
        y += 1;
      }
      top += data.length / 4 / width;
      yield data;
    }
  }
  return { ...pixels, strips };
}
