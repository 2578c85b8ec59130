import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Raster } from '../../../preload/contract/index.ts';
import { openRunningStudio, PLAIN_REQUEST, type RunningStudio } from '../../fixtures/run-studio.ts';

let studio: RunningStudio;
beforeAll(async () => {
  studio = await openRunningStudio();
});
afterAll(() => studio.close());

const EDGE = 512;
const picture: Raster = {
  width: EDGE,
  height: EDGE,
  rgba: Uint8Array.from({ length: EDGE * EDGE * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : 90 + 60 * Math.sin((i >> 2) / 37) + 40 * Math.cos((i >> 2) / (EDGE * 9)),
  ),
};
const mask: Raster = { width: EDGE, height: EDGE, rgba: new Uint8Array(EDGE * EDGE * 4) };
const inside = (x: number, y: number): boolean => (x - 300) ** 2 + (y - 200) ** 2 < 45 ** 2;
for (let i = 0; i < EDGE * EDGE; i++) {
  if (inside(i % EDGE, Math.floor(i / EDGE))) mask.rgba.fill(255, i * 4, i * 4 + 4);
}

test('a part is painted anew; outside the mask every pixel keeps its bits, also at full strength', async () => {
  for (const strength of [0.7, 1]) {
    const { raster, summary } = await studio.paint({
      ...PLAIN_REQUEST,
      steps: 4,
      init: { raster: picture, strength },
      mask,
      local: {},
    });
    expect([raster.width, raster.height, summary.width]).toEqual([EDGE, EDGE, EDGE]);
    expect(summary.recipe).toMatchObject({
      width: 256,
      height: 256,
      local: { x: 173, y: 73, width: 256, height: 256, colourMatch: 1 },
    });
    let changed = 0;
    let outside = 0;
    for (let i = 0; i < EDGE * EDGE * 4; i++) {
      if (raster.rgba[i] === picture.rgba[i]) continue;
      if (mask.rgba[i] === 0) outside += 1;
      else changed += 1;
    }
    expect(outside).toBe(0);
    expect(changed).toBeGreaterThan(45 ** 2);
  }
});

test('the crop and its price are told before anything runs', async () => {
  const bounds = { x: 255, y: 155, width: 90, height: 90 };
  const crop = await studio.ask('generation.local-crop', {
    modelId: 'embedded',
    picture: { width: EDGE, height: EDGE },
    bounds,
  });
  expect(crop).toEqual({ crop: { x: 172, y: 72, width: 256, height: 256 }, width: 256, height: 256 });
});

test(
  'with the cache, parts of one picture are told apart: the same bits as without',
  { timeout: 120_000 },
  async () => {
    const caching = await openRunningStudio({ cache: true });
    try {
      const elsewhere: Raster = { ...mask, rgba: new Uint8Array(mask.rgba.length) };
      for (let y = 400; y < 450; y++) elsewhere.rgba.fill(255, (y * EDGE + 30) * 4, (y * EDGE + 90) * 4);
      for (const where of [mask, elsewhere, mask]) {
        const request = {
          ...PLAIN_REQUEST,
          steps: 3,
          init: { raster: picture, strength: 0.8 },
          mask: where,
          local: {},
        };
        const [kept, computed] = [await caching.paint(request), await studio.paint(request)];
        expect(Buffer.from(kept.raster.rgba).equals(computed.raster.rgba)).toBe(true);
      }
    } finally {
      await caching.close();
    }
  },
);
