import { CpuCompositor } from '../compositor/cpu.ts';
import { PaintDocument } from '../document.ts';

/** How often each of 256 values occurs: luma, and each channel. Four rows of 256. */
export interface Histogram {
  readonly luma: Uint32Array;
  readonly red: Uint32Array;
  readonly green: Uint32Array;
  readonly blue: Uint32Array;
}

/** Edge of the squares that are looked at, in pixels. */
const SAMPLE = 64;
/** Most squares that are looked at, evenly spread, so that a large picture takes no longer than a small one. */
const MOST_SAMPLES = 256;

/** Ids of a layer, of what stands above it, and of what stands above the groups it is in. */
function fromLayerUp(document: PaintDocument, layerId: string): Set<string> {
  const out = new Set<string>();
  for (let id: string | null = layerId; id !== null;) {
    const { parent }: { readonly parent: string | null } = document.layers.get(id).record;
    const siblings = document.layers.childrenOf(parent);
    const from = siblings.indexOf(id) + (id === layerId ? 0 : 1);
    for (const above of siblings.slice(from)) out.add(above);
    id = parent;
  }
  return out;
}

/**
 * The values that an adjustment layer is given: those of the picture under it. Transparent pixels do not count.
 * @throws EngineError `unknown-layer`.
 */
export function histogramBelow(document: PaintDocument, layerId: string): Histogram {
  const hidden = fromLayerUp(document, layerId);
  const below = new PaintDocument(document.width, document.height, [], document.format);
  for (const layer of document.layers.all()) {
    const { record } = layer;
    const { id, parent } = record;
    const index = below.layers.childrenOf(parent).length;
    const visible = record.visible && !hidden.has(id);
    below.apply([{ type: 'layer-add', layer: { ...record, visible }, parent, index }]);
    below.layers.get(id).share(layer);
  }
  const compositor = new CpuCompositor(below, { cacheBytes: 0 });
  const histogram = {
    luma: new Uint32Array(256),
    red: new Uint32Array(256),
    green: new Uint32Array(256),
    blue: new Uint32Array(256),
  };
  const across = Math.ceil(document.width / SAMPLE);
  const count = across * Math.ceil(document.height / SAMPLE);
  const step = Math.max(1, count / MOST_SAMPLES);
  const pixels = new Uint8Array(SAMPLE * SAMPLE * 4);
  for (let at = 0; at < count; at += step) {
    const square = Math.floor(at);
    const x = (square % across) * SAMPLE;
    const y = Math.floor(square / across) * SAMPLE;
    const width = Math.min(SAMPLE, document.width - x);
    const height = Math.min(SAMPLE, document.height - y);
    compositor.render({ x, y, width, height }, pixels);
    countPixels(histogram, pixels, width * height);
  }
  compositor.dispose();
  return histogram;
}

function countPixels({ luma, red, green, blue }: Histogram, pixels: Uint8Array, count: number): void {
  const add = (row: Uint32Array, value: number): void => {
    row[value] = (row[value] ?? 0) + 1;
  };
  for (let i = 0; i < count * 4; i += 4) {
    if (pixels[i + 3] === 0) continue;
    const [r = 0, g = 0, b = 0] = [pixels[i], pixels[i + 1], pixels[i + 2]];
    add(red, r);
    add(green, g);
    add(blue, b);
    add(luma, Math.round(0.3 * r + 0.59 * g + 0.11 * b));
  }
}
