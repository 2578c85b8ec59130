import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import type { BlendMode } from '../../../../../renderer/engine/layers/blend-mode.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { readPsd, type PsdLayer } from './read-psd.ts';

const folder = `${process.env['IMPASTO_REFERENCE'] ?? fileURLToPath(new URL('../../../../../../shared', import.meta.url))}/assets/psd`;

const MODES: Record<string, BlendMode> = {
  pass: 'pass-through',
  norm: 'normal',
  diss: 'dissolve',
  dark: 'darken',
  'mul ': 'multiply',
  idiv: 'color-burn',
  lbrn: 'linear-burn',
  dkCl: 'darker-color',
  lite: 'lighten',
  scrn: 'screen',
  'div ': 'color-dodge',
  lddg: 'linear-dodge',
  lgCl: 'lighter-color',
  over: 'overlay',
  sLit: 'soft-light',
  hLit: 'hard-light',
  vLit: 'vivid-light',
  lLit: 'linear-light',
  pLit: 'pin-light',
  hMix: 'hard-mix',
  diff: 'difference',
  smud: 'exclusion',
  fsub: 'subtract',
  fdiv: 'divide',
  'hue ': 'hue',
  'sat ': 'saturation',
  colr: 'color',
  'lum ': 'luminosity',
};

function documentOf(name: string): { document: PaintDocument; layers: PsdLayer[] } {
  const { width, height, layers } = readPsd(readFileSync(`${folder}/${name}/src.psd`));
  const document = new PaintDocument(width, height);
  const parents: (string | null)[] = [null];
  // From the top down a group's head comes before its layers, its foot after them.
  for (const [i, layer] of [...layers.entries()].toReversed()) {
    const id = `layer-${i}`;
    if (layer.section === 3) {
      parents.pop();
      continue;
    }
    const group = layer.section === 1 || layer.section === 2;
    const parent = parents.at(-1) ?? null;
    const record = layerRecord({
      id,
      parent,
      name: layer.name,
      kind: group ? 'group' : 'paint',
      blend: MODES[layer.blend]!,
      visible: !layer.hidden,
      opacity: layer.opacity / 255,
      clipped: layer.clipped,
    });
    document.apply([{ type: 'layer-add', layer: record, parent, index: 0 }]);
    if (group) parents.push(id);
    else {
      const tiles = writeRegion(
        document.layers.get(id),
        { x: layer.left, y: layer.top, width: layer.width, height: layer.height },
        layer.rgba,
      );
      document.apply([{ type: 'tiles', layerId: id, tiles }]);
    }
  }
  return { document, layers };
}

interface Described {
  name: string;
  blendMode: string;
  effects?: {
    solidFill?: {
      enabled: boolean;
      blendMode: string;
      opacity: number;
      color: { r: number; g: number; b: number };
    }[];
  };
}

/** Lays each layer's colour overlay, an effect that the engine does not have, over it as a layer of its own. */
function addColourOverlays(
  document: PaintDocument,
  layers: readonly PsdLayer[],
  described: readonly Described[],
): void {
  for (const [i, layer] of layers.entries()) {
    const fill = described[i]?.effects?.solidFill?.[0];
    if (!fill?.enabled) continue;
    expect(described[i]?.name).toBe(layer.name);
    expect(fill.blendMode).toBe(described[i]?.blendMode);
    const record = layerRecord({ id: `overlay-${i}`, blend: MODES[layer.blend]!, opacity: fill.opacity });
    document.apply([
      { type: 'layer-add', layer: record, parent: null, index: document.layers.indexOf(`layer-${i}`) + 1 },
    ]);
    const { r, g, b } = fill.color;
    const colour = [Math.round(r), Math.round(g), Math.round(b)];
    const pixels = layer.rgba.map((value, at) => ((at & 3) === 3 ? value : colour[at & 3]!));
    const rect = { x: layer.left, y: layer.top, width: layer.width, height: layer.height };
    document.apply([
      { type: 'tiles', layerId: record.id, tiles: writeRegion(document.layers.get(record.id), rect, pixels) },
    ]);
  }
}

async function compare(name: string) {
  const { document, layers } = documentOf(name);
  const { children } = JSON.parse(readFileSync(`${folder}/${name}/data.json`, 'utf8')) as {
    children: Described[];
  };
  addColourOverlays(document, layers, children);
  const { data, info } = await sharp(`${folder}/${name}/canvas.png`)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([document.width, document.height]);
  const out = new Uint8Array(document.width * document.height * 4);
  new CpuCompositor(document).render(document.canvas, out);
  /** Largest and mean difference over a rectangle, premultiplied, in 1/255. */
  const difference = (x0: number, y0: number, width: number, height: number) => {
    let worst = 0;
    let sum = 0;
    for (let y = y0; y < y0 + height; y++) {
      for (let x = x0; x < x0 + width; x++) {
        const at = (y * document.width + x) * 4;
        for (let k = 0; k < 4; k++) {
          const scale = (i: Uint8Array): number => (k === 3 ? i[at + 3]! : (i[at + k]! * i[at + 3]!) / 255);
          const off = Math.abs(scale(out) - scale(data));
          worst = Math.max(worst, off);
          sum += off;
        }
      }
    }
    return { worst, mean: sum / (width * height * 4) };
  };
  return { document, layers, difference };
}

/** Photoshop rounds to 8 bits on the way, which steep formulas show: twice the colour, divided by what is left. */
const ROUNDED: Record<string, number> = { 'vivid light': 5, 'linear light': 2 };

// Of the other files there, alpha-composite and pass-through store a blank picture, and layer-mask needs a mask.
describe.skipIf(!existsSync(folder))(
  'against pictures flattened by Photoshop (skipped: no reference folder)',
  () => {
    it('blends as Photoshop does in all 27 modes, within 1/255', async () => {
      const { document, layers, difference } = await compare('2026-blend-modes');
      const squares = layers.filter((layer) => layer.width === 80);
      expect(squares.length).toBe(27);
      for (const { name, left, top, width, height } of squares) {
        expect(difference(left, top, width, height).worst, name).toBeLessThanOrEqual(ROUNDED[name] ?? 1);
      }
      expect(difference(0, 0, document.width, document.height).mean).toBeLessThan(0.2);
    });

    it.each(['groups', 'nested'])('%s: mean below 1/255, no pixel off by more than 4', async (name) => {
      const { document, difference } = await compare(name);
      const { worst, mean } = difference(0, 0, document.width, document.height);
      expect(mean).toBeLessThan(1);
      expect(worst).toBeLessThanOrEqual(4);
    });
  },
);
