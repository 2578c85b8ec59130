import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { BLEND_MODES, type BlendMode } from '../../../../../renderer/engine/layers/blend-mode.ts';
import { GRADIENT_SHAPES, type Fill } from '../../../../../renderer/engine/layers/fill.ts';
import type { LayerKind } from '../../../../../renderer/engine/layers/layer-record.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import type { LayerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { writeRegion, type RegionPixels } from '../../../../../renderer/engine/tiles/region.ts';
import { maskFormat, tileSamples, type BitDepth } from '../../../../../renderer/engine/tiles/tile.ts';
import { adjustOracle } from '../adjust/adjust-oracle.ts';
import { randomAdjustment } from '../adjust/random-adjustment.ts';
import { fillOracle } from './fill-oracle.ts';
import type { OracleLayer, OraclePixel } from './w3c-oracle.ts';

/** Pseudo-random 0..1, the same every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Modes that do not jump: single precision and double precision agree on them everywhere. */
export const CONTINUOUS_MODES = BLEND_MODES.filter(
  (mode) =>
    !['dissolve', 'hard-mix', 'darker-color', 'lighter-color', 'divide', 'pass-through'].includes(mode),
);

export interface RandomOptions {
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly layers: number;
  readonly modes: readonly BlendMode[];
  readonly groups: boolean;
  /** Masks, fill opacities, fill and adjustment layers too. */
  readonly everything?: boolean;
  readonly depth?: BitDepth;
}

/** A random document and, for a pixel index of its square, the tree that the oracle takes. */
export function randomDocument(seed: number, options: RandomOptions) {
  const random = seeded(seed);
  const { size, everything = false, depth = 8 } = options;
  const document = new PaintDocument(512, 512, [], { depth });
  const pixels = new Map<string, RegionPixels>();
  const masks = new Map<string, RegionPixels>();
  let count = 0;

  const kindOf = (level: number): LayerKind => {
    const pick = random();
    if (options.groups && level < 3 && pick < 0.3) return 'group';
    if (everything && pick < 0.4) return 'fill';
    return everything && pick < 0.6 ? 'adjustment' : 'paint';
  };
  const blendOf = (kind: LayerKind): BlendMode => {
    if (kind === 'group' && random() < 0.4) return 'pass-through';
    // Adjustments are mostly plain, so that what they adjust stays in sight.
    if (kind === 'adjustment' && random() < 0.7) return 'normal';
    return options.modes[Math.floor(random() * options.modes.length)]!;
  };
  const add = (parent: string | null, level: number, first: boolean): void => {
    const id = `layer-${count++}`;
    const kind = kindOf(level);
    const mask = everything && random() < 0.4 ? randomMask(random) : null;
    const record = layerRecord({
      id,
      kind,
      blend: blendOf(kind),
      opacity: random() < 0.3 ? 1 : Math.round(random() * 100) / 100,
      fillOpacity: everything && random() < 0.3 ? Math.round(random() * 100) / 100 : 1,
      visible: random() < 0.9,
      clipped: !first && random() < 0.3,
      parent,
      mask,
      ...(kind === 'fill' ? { fill: randomFill(random, options) } : {}),
      ...(kind === 'adjustment' ? { adjustment: randomAdjustment(random) } : {}),
    });
    const index = document.layers.childrenOf(parent).length;
    document.apply([{ type: 'layer-add', layer: record, parent, index }]);
    if (mask && random() < 0.8) masks.set(id, putMask(random, document, id, options));
    if (kind === 'group') fill(id, level + 1);
    if (kind !== 'paint') return;
    const square = randomPixels(random, size * size * 4, depth);
    pixels.set(id, square);
    const rect = { x: options.x, y: options.y, width: size, height: size };
    const tiles = writeRegion(document.layers.get(id), rect, square);
    document.apply([{ type: 'tiles', layerId: id, tiles }]);
  };
  const fill = (parent: string | null, level: number): void => {
    const siblings = 1 + Math.floor(random() * 4);
    for (let i = 0; i < siblings && count < options.layers; i++) add(parent, level, i === 0);
  };
  while (count < options.layers) fill(null, 0);

  const maximum = 2 ** depth - 1;
  const treeAt = (index: number, parent: string | null = null): OracleLayer[] =>
    document.layers.childrenOf(parent).map((id) => {
      const { record } = document.layers.get(id);
      const { blend, opacity, visible, clipped, fillOpacity, adjustment } = record;
      const mask = maskAt(record.mask, masks.get(id), index, maximum);
      const own = { blend, opacity, visible, clipped, fillOpacity, mask };
      if (record.kind === 'group') return { ...own, children: treeAt(index, id) };
      if (adjustment) return { ...own, adjust: (c) => adjustOracle(adjustment, c) };
      if (record.fill) {
        const x = options.x + (index % size) + 0.5;
        const y = options.y + Math.floor(index / size) + 0.5;
        return { ...own, pixel: fillOracle(record.fill, x, y) };
      }
      return { ...own, pixel: pixelOf(pixels.get(id)!, index, maximum) };
    });
  return { document, treeAt };
}

function randomMask(random: () => number): LayerMask {
  return {
    enabled: random() < 0.85,
    linked: true,
    density: random() < 0.5 ? 1 : random(),
    outside: random() < 0.5 ? 1 : 0,
    feather: 0,
  };
}

function maskAt(
  mask: LayerMask | null,
  values: RegionPixels | undefined,
  index: number,
  maximum: number,
): number {
  if (!mask?.enabled) return 1;
  const value = values ? values[index]! / maximum : mask.outside;
  return 1 - mask.density * (1 - value);
}

/** Puts random values into a mask's square; the rest of its tiles is the outside value. */
function putMask(
  random: () => number,
  document: PaintDocument,
  id: string,
  { size, x, y, depth = 8 }: RandomOptions,
): RegionPixels {
  const values = randomPixels(random, size * size, depth);
  const layer = document.layers.get(id);
  const format = maskFormat(depth);
  const tiles = [];
  for (let ty = 0; ty < 2; ty++) {
    for (let tx = 0; tx < 2; tx++) {
      const data = new Uint8Array(format.tileBytes);
      const samples = tileSamples(data, format).fill(layer.maskOutside);
      for (let i = 0; i < values.length; i++) {
        const px = x + (i % size) - tx * 256;
        const py = y + Math.floor(i / size) - ty * 256;
        if (px >= 0 && px < 256 && py >= 0 && py < 256) samples[py * 256 + px] = values[i]!;
      }
      tiles.push({ x: tx, y: ty, data });
    }
  }
  document.apply([{ type: 'mask-tiles', layerId: id, tiles }]);
  return values;
}

function randomFill(random: () => number, { x, y, size }: RandomOptions): Fill {
  const colour = (): [number, number, number] => [random(), random(), random()];
  if (random() < 0.4) return { type: 'solid', colour: colour() };
  const point = () => ({ x: x + random() * size, y: y + random() * size });
  return {
    type: 'gradient',
    // Angle jumps where it begins anew.
    shape: GRADIENT_SHAPES.filter((name) => name !== 'angle')[Math.floor(random() * 4)]!,
    stops: [0.1, 0.4, 0.9].map((at) => ({ at, colour: colour(), opacity: random() < 0.5 ? 1 : random() })),
    from: point(),
    to: point(),
  };
}

function pixelOf(values: RegionPixels, index: number, maximum: number): OraclePixel {
  const at = index * 4;
  const c = [values[at]! / maximum, values[at + 1]! / maximum, values[at + 2]! / maximum];
  return { c: c as OraclePixel['c'], a: values[at + 3]! / maximum };
}

/** Values lean to the ends, where formulas have their cases. */
function randomPixels(random: () => number, length: number, depth: BitDepth): RegionPixels {
  const maximum = 2 ** depth - 1;
  const out = depth === 8 ? new Uint8ClampedArray(length) : new Uint16Array(length);
  for (let i = 0; i < out.length; i++) {
    const kind = random();
    out[i] =
      kind < 0.12
        ? 0
        : kind < 0.3
          ? maximum
          : kind < 0.34
            ? (maximum + 1) / 2
            : Math.floor(random() * (maximum + 1));
  }
  return out;
}
