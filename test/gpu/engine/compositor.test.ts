import { afterAll, describe, expect, it } from 'vitest';
import { brushWith } from '../../../renderer/engine/brush/brush.ts';
import { beginStroke } from '../../../renderer/engine/brush/stroke.ts';
import { CpuCompositor } from '../../../renderer/engine/compositor/cpu.ts';
import { EVERY_NEED } from '../../../renderer/engine/compositor/gpu/composite-shader.ts';
import { GpuCompositor } from '../../../renderer/engine/compositor/gpu/gpu.ts';
import { pipelinesOf } from '../../../renderer/engine/compositor/gpu/pipelines.ts';
import { compileProgram } from '../../../renderer/engine/compositor/gpu/program.ts';
import { planDocument } from '../../../renderer/engine/compositor/plan.ts';
import { PaintDocument } from '../../../renderer/engine/document.ts';
import { BLEND_MODES } from '../../../renderer/engine/layers/blend-mode.ts';
import { layerRecord } from '../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../renderer/engine/tiles/region.ts';
import {
  CONTINUOUS_MODES,
  randomDocument,
  seeded,
} from '../../unit/renderer/engine/compositor/random-document.ts';
import { findDevice } from './adapter.ts';

const device = await findDevice();
afterAll(() => device?.destroy());

function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

describe.skipIf(!device)('GPU compositor (skipped: no WebGPU adapter)', () => {
  const compare = async (
    document: PaintDocument,
    rect: { x: number; y: number; width: number; height: number },
    tileSlots = 64,
  ) => {
    const cpu = new Uint8Array(rect.width * rect.height * 4);
    const oracle = new CpuCompositor(document);
    oracle.render(rect, cpu, 'premultiplied');
    oracle.dispose();
    const compositor = new GpuCompositor(device!, document, { tileSlots });
    const gpu = await compositor.read(rect, 'premultiplied');
    compositor.dispose();
    return worstDifference(gpu, cpu);
  };

  it('equals the CPU within 1/255 in every blend mode, on random colours and alphas', async () => {
    const random = seeded(21);
    const noise = (): Uint8Array =>
      Uint8Array.from({ length: 64 * 64 * 4 }, () => Math.floor(random() * 256));
    const rect = { x: 0, y: 0, width: 64, height: 64 };
    const bottom = noise();
    const top = noise();
    for (const blend of BLEND_MODES.filter((mode) => mode !== 'pass-through')) {
      const document = new PaintDocument(64, 64, [
        layerRecord({ id: 'b' }),
        layerRecord({ id: 's', blend, opacity: 0.8 }),
      ]);
      document.apply([
        { type: 'tiles', layerId: 'b', tiles: writeRegion(document.layers.get('b'), rect, bottom) },
        { type: 'tiles', layerId: 's', tiles: writeRegion(document.layers.get('s'), rect, top) },
      ]);
      expect(await compare(document, rect, 4), blend).toBeLessThanOrEqual(1);
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'equals the CPU within 1/255 on random trees of groups, clipping, masks, fills and adjustments (seed %i)',
    async (seed) => {
      // The first two are plain layers and groups, the last three have 16 bits.
      const { document } = randomDocument(seed, {
        everything: seed > 2,
        depth: seed > 5 ? 16 : 8,
        size: 60,
        x: 230,
        y: 225,
        layers: 24,
        modes: CONTINUOUS_MODES,
        groups: true,
      });
      expect(await compare(document, { x: 220, y: 220, width: 81, height: 75 })).toBeLessThanOrEqual(1);
    },
  );

  it.each([8, 16] as const)(
    'equals the CPU within 1/255 where masks are feathered (%i bits)',
    async (depth) => {
      const { document } = randomDocument(4, {
        everything: true,
        depth,
        size: 60,
        x: 230,
        y: 225,
        layers: 24,
        modes: CONTINUOUS_MODES,
        groups: true,
      });
      const masked = [...document.layers.all()].filter(({ record }) => record.mask?.enabled);
      expect(masked.length).toBeGreaterThan(3);
      const rect = { x: 220, y: 220, width: 81, height: 75 };
      const hard = new Uint8Array(rect.width * rect.height * 4);
      const soft = new Uint8Array(hard.length);
      new CpuCompositor(document).render(rect, hard);
      for (const [i, { record }] of masked.entries()) {
        const mask = { ...record.mask!, feather: [2, 15, 60][i % 3]! };
        document.apply([{ type: 'layer-props', layerId: record.id, props: { mask } }]);
      }
      new CpuCompositor(document).render(rect, soft);
      expect(worstDifference(hard, soft)).toBeGreaterThan(20);
      expect(await compare(document, rect)).toBeLessThanOrEqual(1);
    },
  );

  it('shows one layer alone as the CPU does, and all again', async () => {
    const { document } = randomDocument(4, {
      everything: true,
      size: 60,
      x: 230,
      y: 225,
      layers: 24,
      modes: CONTINUOUS_MODES,
      groups: true,
    });
    const rect = { x: 220, y: 220, width: 81, height: 75 };
    const oracle = new CpuCompositor(document);
    const compositor = new GpuCompositor(device!, document, { tileSlots: 64 });
    const look = async (): Promise<[Uint8Array, number]> => {
      const cpu = new Uint8Array(rect.width * rect.height * 4);
      oracle.render(rect, cpu, 'premultiplied');
      return [cpu, worstDifference(await compositor.read(rect, 'premultiplied'), cpu)];
    };
    const [all] = await look();
    const inGroup = [...document.layers.all()].find(({ record }) => record.parent !== null)!.record.id;
    oracle.setSolo(inGroup);
    compositor.setSolo(inGroup);
    const [alone, difference] = await look();
    expect(worstDifference(all, alone)).toBeGreaterThan(20);
    expect(difference).toBeLessThanOrEqual(1);
    oracle.setSolo(null);
    compositor.setSolo(null);
    expect((await look())[1]).toBeLessThanOrEqual(1);
    compositor.dispose();
  });

  it('gives a single layer back bit for bit, straight', async () => {
    const pixels = new Uint8Array(262144);
    for (let i = 0; i < 65536; i++)
      pixels.set([i & 255, 255 - (i & 255), (i * 7) & 255, 1 + ((i >> 8) % 255)], i * 4);
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    document.apply([{ type: 'tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: pixels }] }]);
    const compositor = new GpuCompositor(device!, document, { tileSlots: 1 });
    expect(worstDifference(await compositor.read(document.canvas), pixels)).toBe(0);
    compositor.dispose();
  });

  it('draws more tiles than fit on the GPU at once, and layers beyond the canvas', async () => {
    const random = seeded(4);
    const document = new PaintDocument(700, 300, [
      layerRecord({ id: 'a' }),
      layerRecord({ id: 'b', blend: 'multiply' }),
    ]);
    const rect = { x: -100, y: -50, width: 800, height: 350 };
    for (const id of ['a', 'b']) {
      const pixels = Uint8Array.from({ length: rect.width * rect.height * 4 }, () =>
        Math.floor(random() * 256),
      );
      document.apply([
        { type: 'tiles', layerId: id, tiles: writeRegion(document.layers.get(id), rect, pixels) },
      ]);
    }
    expect(await compare(document, rect, 3)).toBeLessThanOrEqual(1);
    const tooSmall = new GpuCompositor(device!, document, { tileSlots: 1 });
    await expect(tooSmall.read(rect)).rejects.toMatchObject({ code: 'gpu-limit' });
    tooSmall.dispose();
  });

  it('follows a stroke while it is drawn, when it is written and when it is undone', async () => {
    const document = new PaintDocument(200, 150, [
      layerRecord({ id: 'a' }),
      layerRecord({ id: 'b', opacity: 0.5 }),
    ]);
    const compositor = new GpuCompositor(device!, document, { tileSlots: 16 });
    const oracle = new CpuCompositor(document);
    const check = async (): Promise<void> => {
      const cpu = new Uint8Array(200 * 150 * 4);
      oracle.render(document.canvas, cpu, 'premultiplied');
      expect(
        worstDifference(await compositor.read(document.canvas, 'premultiplied'), cpu),
      ).toBeLessThanOrEqual(1);
    };
    const stroke = beginStroke(
      document,
      'a',
      brushWith({ size: 40, hardness: 0.3, flow: 0.3 }),
      [200, 90, 10],
    );
    for (let i = 0; i < 12; i++) {
      stroke.extend([
        { x: 10 + i * 15, y: 50 + i * 6, pressure: 1, tiltX: 0, tiltY: 0, twist: 0, time: i * 8 },
      ]);
      if (i % 4 === 0) await check();
    }
    const back = document.apply(stroke.commit());
    await check();
    document.apply(back);
    await check();
    document.apply([{ type: 'layer-props', layerId: 'a', props: { visible: false } }]);
    await check();
    compositor.dispose();
  });

  it('equals the CPU with the shader that can do everything, which draws until another is compiled', async () => {
    const pipelines = pipelinesOf(device!);
    await pipelines.get(EVERY_NEED);
    const { document } = randomDocument(11, {
      everything: true,
      size: 60,
      x: 230,
      y: 225,
      layers: 12,
      modes: CONTINUOUS_MODES,
      groups: true,
    });
    const { needs } = compileProgram(planDocument(document));
    expect((await pipelines.get(needs)).needs).toBe(EVERY_NEED);
    expect(await compare(document, { x: 240, y: 240, width: 16, height: 16 })).toBeLessThanOrEqual(1);
  });
});
