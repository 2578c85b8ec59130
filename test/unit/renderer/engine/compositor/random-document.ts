import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { BLEND_MODES, type BlendMode } from '../../../../../renderer/engine/layers/blend-mode.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
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
}

/** A random document and, for a pixel index of its square, the tree that the oracle takes. */
export function randomDocument(seed: number, options: RandomOptions) {
  const random = seeded(seed);
  const document = new PaintDocument(512, 512);
  const pixels = new Map<string, Uint8ClampedArray>();
  let count = 0;
  const fill = (parent: string | null, depth: number): void => {
    const siblings = 1 + Math.floor(random() * 4);
    for (let i = 0; i < siblings && count < options.layers; i++) {
      const id = `layer-${count++}`;
      const group = options.groups && depth < 3 && random() < 0.3;
      const blend =
        group && random() < 0.4
          ? 'pass-through'
          : options.modes[Math.floor(random() * options.modes.length)]!;
      const record = layerRecord({
        id,
        kind: group ? 'group' : 'paint',
        blend,
        opacity: random() < 0.3 ? 1 : Math.round(random() * 100) / 100,
        visible: random() < 0.9,
        clipped: i > 0 && random() < 0.3,
        parent,
      });
      document.apply([
        { type: 'layer-add', layer: record, parent, index: document.layers.childrenOf(parent).length },
      ]);
      if (group) fill(id, depth + 1);
      else {
        const square = randomPixels(random, options.size);
        pixels.set(id, square);
        const rect = { x: options.x, y: options.y, width: options.size, height: options.size };
        document.apply([
          { type: 'tiles', layerId: id, tiles: writeRegion(document.layers.get(id), rect, square) },
        ]);
      }
    }
  };
  while (count < options.layers) fill(null, 0);
  const treeAt = (index: number, parent: string | null = null): OracleLayer[] =>
    document.layers.childrenOf(parent).map((id) => {
      const { record } = document.layers.get(id);
      const own = {
        blend: record.blend,
        opacity: record.opacity,
        visible: record.visible,
        clipped: record.clipped,
      };
      const square = pixels.get(id);
      return square ? { ...own, pixel: pixelOf(square, index) } : { ...own, children: treeAt(index, id) };
    });
  return { document, treeAt };
}

function pixelOf(bytes: Uint8ClampedArray, index: number): OraclePixel {
  const at = index * 4;
  return { c: [bytes[at]! / 255, bytes[at + 1]! / 255, bytes[at + 2]! / 255], a: bytes[at + 3]! / 255 };
}

/** Values lean to the ends, where formulas have their cases. */
function randomPixels(random: () => number, size: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(size * size * 4);
  for (let i = 0; i < out.length; i++) {
    const kind = random();
    out[i] = kind < 0.12 ? 0 : kind < 0.3 ? 255 : kind < 0.34 ? 128 : Math.floor(random() * 256);
  }
  return out;
}
