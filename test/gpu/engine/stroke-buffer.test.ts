import { afterAll, describe, expect, it } from 'vitest';
import { brushWith, type Brush } from '../../../renderer/engine/brush/brush.ts';
import type { Dab } from '../../../renderer/engine/brush/dab.ts';
import { GpuStrokeBuffer } from '../../../renderer/engine/brush/gpu/gpu-stroke-buffer.ts';
import { StrokeBuffer } from '../../../renderer/engine/brush/stroke-buffer.ts';
import { seeded } from '../../unit/renderer/engine/compositor/random-document.ts';
import { findDevice } from './adapter.ts';

const device = await findDevice();
afterAll(() => device?.destroy());

describe.skipIf(!device)('GPU dab stamping (skipped: no WebGPU adapter)', () => {
  const clip = { x: 0, y: 0, width: 500, height: 300 };

  function randomDabs(seed: number, largest: number): Dab[] {
    const random = seeded(seed);
    return Array.from({ length: 24 }, () => ({
      x: random() * 560 - 30,
      y: random() * 360 - 30,
      radius: 0.3 + random() ** 2 * largest,
      hardness: random() < 0.3 ? 1 : random(),
      roundness: random() < 0.5 ? 1 : 0.1 + 0.9 * random(),
      angle: random() * 7,
      opacity: 0.2 + 0.8 * random(),
      flow: 0.05 + 0.95 * random(),
    }));
  }

  const brushes: [string, Partial<Brush>, number][] = [
    ['wash, small', {}, 6],
    ['wash, large', {}, 120],
    ['build-up', { accumulation: 'build-up' }, 60],
    ['grain', { grain: { pattern: 'paper', size: 4, depth: 0.8 } }, 60],
  ];
  it.each(brushes)('equals the CPU within 1/255: %s', async (_, given, largest) => {
    const brush = brushWith(given);
    const dabs = randomDabs(brushes.findIndex(([, each]) => each === given) + 1, largest);
    const cpu = new StrokeBuffer(clip, brush);
    for (const dab of dabs) cpu.stamp(dab);
    const gpu = new GpuStrokeBuffer(device!, clip, brush);
    gpu.stamp(dabs.slice(0, 10));
    gpu.stamp(dabs.slice(10));
    let most = 0;
    for (const { tx, ty, cover } of cpu.tiles()) {
      const twin = await gpu.read(tx, ty);
      let worst = 0;
      for (let i = 0; i < cover.length; i++) worst = Math.max(worst, Math.abs(cover[i]! - twin[i]!));
      expect(worst).toBeLessThan(1 / 255);
      most = cover.reduce((a, b) => Math.max(a, b), most);
    }
    expect(most).toBeGreaterThan(0.5);
    gpu.dispose();
  });

  it('says that bitmap tips are not for it', () => {
    expect(() => new GpuStrokeBuffer(device!, clip, brushWith({ tip: 'chalk' }))).toThrowError(
      expect.objectContaining({ code: 'gpu-limit' }),
    );
  });
});
