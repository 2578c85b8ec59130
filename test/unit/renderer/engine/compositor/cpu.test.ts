import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { BLEND_MODES } from '../../../../../renderer/engine/layers/blend-mode.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { CONTINUOUS_MODES, randomDocument, seeded } from './random-document.ts';
import { compositeOracle, over, type OraclePixel } from './w3c-oracle.ts';

const NOTHING: OraclePixel = { c: [0, 0, 0], a: 0 };

/** Largest difference of premultiplied values in units of 1/255; colours of faint pixels have no meaning alone. */
function difference(out: Uint8Array, at: number, want: OraclePixel): number {
  let worst = Math.abs(out[at + 3]! - want.a * 255);
  for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs(out[at + k]! - want.c[k]! * want.a * 255));
  return worst;
}

function document2(mode: (typeof BLEND_MODES)[number], bottom: Uint8Array, top: Uint8Array, opacity: number) {
  const document = new PaintDocument(256, 256, [
    layerRecord({ id: 'b' }),
    layerRecord({ id: 's', blend: mode, opacity }),
  ]);
  const rect = document.canvas;
  document.apply([
    { type: 'tiles', layerId: 'b', tiles: writeRegion(document.layers.get('b'), rect, bottom) },
    { type: 'tiles', layerId: 's', tiles: writeRegion(document.layers.get('s'), rect, top) },
  ]);
  return document;
}

describe('CPU compositor against the W3C formulas', () => {
  const modes = BLEND_MODES.filter((mode) => mode !== 'pass-through' && mode !== 'dissolve');
  it.each(modes)('%s: every pair of 8-bit greys, opaque, exactly as the formula rounds', (mode) => {
    const bottom = new Uint8Array(256 * 256 * 4).fill(255);
    const top = new Uint8Array(256 * 256 * 4).fill(255);
    for (let i = 0; i < 65536; i++) {
      bottom.fill(i & 255, i * 4, i * 4 + 3);
      top.fill(i >> 8, i * 4, i * 4 + 3);
    }
    const document = document2(mode, bottom, top, 1);
    const out = new Uint8Array(256 * 256 * 4);
    new CpuCompositor(document).render(document.canvas, out, 'premultiplied');
    let worst = 0;
    for (let i = 0; i < 65536; i++) {
      const b: OraclePixel = { c: [(i & 255) / 255, (i & 255) / 255, (i & 255) / 255], a: 1 };
      const s: OraclePixel = { c: [(i >> 8) / 255, (i >> 8) / 255, (i >> 8) / 255], a: 1 };
      worst = Math.max(worst, difference(out, i * 4, over(mode, b, s, 1)));
    }
    expect(worst).toBeLessThanOrEqual(0.501);
  });

  it.each(modes)('%s: random colours and alphas within 1/255', (mode) => {
    const random = seeded(7);
    const noise = (): Uint8Array =>
      Uint8Array.from({ length: 256 * 256 * 4 }, () => Math.floor(random() * 256));
    const bottom = noise();
    const top = noise();
    const document = document2(mode, bottom, top, 0.7);
    const out = new Uint8Array(256 * 256 * 4);
    new CpuCompositor(document).render(document.canvas, out, 'premultiplied');
    let worst = 0;
    for (let i = 0; i < bottom.length; i += 4) {
      const at = (bytes: Uint8Array): OraclePixel => ({
        c: [bytes[i]! / 255, bytes[i + 1]! / 255, bytes[i + 2]! / 255],
        a: bytes[i + 3]! / 255,
      });
      worst = Math.max(worst, difference(out, i, over(mode, at(bottom), at(top), 0.7)));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it.each(Array.from({ length: 24 }, (_, i) => i + 1))(
    'random trees of layers, groups, clipping, masks, fills and adjustments within 1/255 (seed %i)',
    (seed) => {
      // The first eight are plain layers and groups, the last eight have 16 bits.
      const options = {
        size: 24,
        x: 250,
        y: 60,
        layers: 24,
        modes: CONTINUOUS_MODES,
        groups: true,
        everything: seed > 8,
        depth: seed > 16 ? (16 as const) : (8 as const),
      };
      const { document, treeAt } = randomDocument(seed, options);
      const rect = { x: 250, y: 60, width: 24, height: 24 };
      const compositor = new CpuCompositor(document);
      const out = new Uint8Array(24 * 24 * 4);
      const wanted = Array.from({ length: 24 * 24 }, (_, i) => compositeOracle(treeAt(i), NOTHING));
      for (const active of [null, ...[...document.layers.all()].map((layer) => layer.record.id)]) {
        compositor.setActiveLayer(active);
        compositor.render(rect, out, 'premultiplied');
        let worst = 0;
        for (const [i, want] of wanted.entries()) worst = Math.max(worst, difference(out, i * 4, want));
        expect(worst, `active layer ${active}`).toBeLessThanOrEqual(1);
      }
    },
  );
});

describe('CPU compositor', () => {
  it('gives a single opaque-mode layer back bit for bit, at every alpha', () => {
    const pixels = new Uint8Array(256 * 256 * 4);
    for (let i = 0; i < 65536; i++) pixels.set([i & 255, 255 - (i & 255), (i * 7) & 255, i >> 8], i * 4);
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    document.apply([{ type: 'tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: pixels }] }]);
    const out = new Uint8ClampedArray(pixels.length);
    new CpuCompositor(document).render(document.canvas, out);
    const wrong = [...out].findIndex((value, i) => value !== (pixels[i | 3] === 0 ? 0 : pixels[i]));
    expect(wrong).toBe(-1);
  });

  it('reports damage where pixels changed and nowhere else, once', () => {
    const document = new PaintDocument(700, 300, [layerRecord({ id: 'a' })]);
    const compositor = new CpuCompositor(document);
    compositor.takeDamage();
    document.apply([
      {
        type: 'tiles',
        layerId: 'a',
        tiles: [
          { x: 2, y: 0, data: new Uint8Array(262144).fill(1) },
          { x: 9, y: 9, data: null },
        ],
      },
    ]);
    expect(compositor.takeDamage()).toEqual([{ x: 512, y: 0, width: 188, height: 256 }]);
    expect(compositor.takeDamage()).toEqual([]);
  });

  it('shows the same with kept composites as without, through random edits', () => {
    const random = seeded(99);
    const { document } = randomDocument(5, {
      size: 180,
      x: 170,
      y: 100,
      layers: 20,
      modes: CONTINUOUS_MODES,
      groups: true,
    });
    const kept = new CpuCompositor(document, { cacheBytes: 3_000_000 });
    const ids = [...document.layers.all()].map((layer) => layer.record.id);
    const paint = ids.filter((id) => document.layers.get(id).record.kind !== 'group');
    const size = 96;
    for (let step = 0; step < 40; step++) {
      const pick = ids[Math.floor(random() * ids.length)]!;
      const layerId = paint[Math.floor(random() * paint.length)]!;
      const kind = random();
      if (kind < 0.25) kept.setActiveLayer(pick);
      else if (kind < 0.35)
        document.apply([{ type: 'layer-props', layerId: pick, props: { opacity: random() } }]);
      else if (kind < 0.45)
        document.apply([{ type: 'layer-props', layerId: pick, props: { visible: random() < 0.5 } }]);
      else if (kind < 0.55) {
        const { parent } = document.layers.get(pick).record;
        const index = Math.floor(random() * document.layers.childrenOf(parent).length);
        document.apply([{ type: 'layer-move', layerId: pick, parent, index }]);
      } else {
        const rect = { x: Math.floor(random() * 300), y: Math.floor(random() * 300), width: 40, height: 40 };
        const pixels = Uint8Array.from({ length: 6400 }, () => Math.floor(random() * 256));
        document.apply([
          { type: 'tiles', layerId, tiles: writeRegion(document.layers.get(layerId), rect, pixels) },
        ]);
      }
      const rect = {
        x: 150 + Math.floor(random() * 100),
        y: 80 + Math.floor(random() * 100),
        width: size,
        height: size,
      };
      const out = new Uint8Array(size * size * 4);
      const fresh = new Uint8Array(size * size * 4);
      kept.render(rect, out, 'premultiplied');
      const plain = new CpuCompositor(document);
      plain.render(rect, fresh, 'premultiplied');
      plain.dispose();
      let worst = 0;
      for (let i = 0; i < out.length; i++) worst = Math.max(worst, Math.abs(out[i]! - fresh[i]!));
      expect(worst, `step ${step}`).toBeLessThanOrEqual(1);
    }
  });

  it('dissolve shows as many pixels as its alpha says, each opaque', () => {
    const tile = new Uint8Array(262144).fill(255);
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a', blend: 'dissolve', opacity: 0.3 })]);
    document.apply([{ type: 'tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: tile }] }]);
    const out = new Uint8Array(262144);
    new CpuCompositor(document).render(document.canvas, out);
    let shown = 0;
    for (let i = 3; i < out.length; i += 4) {
      expect(out[i] === 0 || out[i] === 255).toBe(true);
      if (out[i] === 255) shown++;
    }
    expect(shown / 65536).toBeGreaterThan(0.29);
    expect(shown / 65536).toBeLessThan(0.31);
  });
});
