import { describe, expect, it } from 'vitest';
import { chooseCrop, type Rect } from '../../../../../main/generation/local-edit/choose-crop.ts';
import { coverageBounds, fadeInwards, growTo } from '../../../../../main/generation/local-edit/coverage.ts';
import { planLocalEdit } from '../../../../../main/generation/local-edit/local-edit.ts';
import { measureShift, takeShiftOff } from '../../../../../main/generation/local-edit/match-colour.ts';
import type { GenerationRequest, Raster } from '../../../../../preload/contract/index.ts';

const native = { nativeWidth: 256, nativeHeight: 256, sizeMultiple: 8 };

/** Numbers in 0 … 1 that follow from a seed (Lehmer). */
function draws(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('the crop around a mask', () => {
  it('holds the mask, lies in the picture and is worked on at a size that the model takes', () => {
    const random = draws(7);
    for (let i = 0; i < 2000; i++) {
      const picture = { width: 1 + Math.floor(random() * 3000), height: 1 + Math.floor(random() * 3000) };
      const x = Math.floor(random() * picture.width);
      const y = Math.floor(random() * picture.height);
      const width = 1 + Math.floor(random() * (picture.width - x));
      const height = 1 + Math.floor(random() * (picture.height - y));
      const crop = chooseCrop(picture, { x, y, width, height }, native);
      expect(crop.rect.x).toBeGreaterThanOrEqual(0);
      expect(crop.rect.x).toBeLessThanOrEqual(x);
      expect(crop.rect.x + crop.rect.width).toBeGreaterThanOrEqual(x + width);
      expect(crop.rect.x + crop.rect.width).toBeLessThanOrEqual(picture.width);
      expect(crop.rect.y).toBeLessThanOrEqual(y);
      expect(crop.rect.y + crop.rect.height).toBeGreaterThanOrEqual(y + height);
      expect(crop.rect.y + crop.rect.height).toBeLessThanOrEqual(picture.height);
      expect([crop.width % 8, crop.height % 8]).toEqual([0, 0]);
    }
  });

  it('of a small mask is the native size, pixel for pixel, with the mask in its middle', () => {
    const bounds: Rect = { x: 500, y: 600, width: 60, height: 40 };
    expect(chooseCrop({ width: 1024, height: 1024 }, bounds, native)).toEqual({
      rect: { x: 402, y: 492, width: 256, height: 256 },
      width: 256,
      height: 256,
    });
  });

  it('of a mask as large as the picture is the picture, at the native number of pixels', () => {
    const picture = { width: 1024, height: 512 };
    const { rect, width, height } = chooseCrop(picture, { x: 0, y: 0, ...picture }, native);
    expect(rect).toEqual({ x: 0, y: 0, ...picture });
    expect({ width, height }).toEqual({ width: 360, height: 184 });
  });
});

describe('a mask', () => {
  const square = (edge: number, from: number, to: number): Uint8Array =>
    Uint8Array.from({ length: edge * edge }, (_, i) => {
      const [x, y] = [i % edge, Math.floor(i / edge)];
      return x >= from && x < to && y >= from && y < to ? 255 : 0;
    });

  it('has bounds, and none when it is empty', () => {
    const mask = { width: 20, height: 20, coverage: square(20, 4, 9) };
    expect(coverageBounds(mask)).toEqual({ x: 4, y: 4, width: 5, height: 5 });
    expect(coverageBounds({ ...mask, coverage: new Uint8Array(400) })).toBeNull();
  });

  it('fades inwards by the distance to what is kept and never outwards', () => {
    const mask = { width: 41, height: 41, coverage: square(41, 5, 36) };
    const { coverage } = fadeInwards(mask, 4);
    const row = [...coverage.subarray(20 * 41, 21 * 41)];
    expect(row.slice(3, 12)).toEqual([0, 0, 51, 102, 153, 204, 255, 255, 255]);
    expect(mask.coverage.every((value, i) => value !== 0 || coverage[i] === 0)).toBe(true);
    // The distance along a diagonal is the larger one.
    expect(coverage[7 * 41 + 7]).toBe(153);
  });

  it('does not fade at the edge of the picture', () => {
    const mask = { width: 8, height: 8, coverage: new Uint8Array(64).fill(255) };
    expect(fadeInwards(mask, 4).coverage).toEqual(mask.coverage);
  });

  it('grows to another size by what is covered within reach', () => {
    const mask = { width: 8, height: 8, coverage: square(8, 3, 4) };
    const grown = growTo(mask, 16, 16, 2);
    expect(coverageBounds(grown)).toEqual({ x: 4, y: 4, width: 6, height: 6 });
    expect(coverageBounds(growTo(mask, 8, 8, 0))).toEqual(coverageBounds(mask));
    expect(coverageBounds(growTo(mask, 4, 4, 0))).toEqual({ x: 1, y: 1, width: 1, height: 1 });
  });
});

describe('colours', () => {
  it('that were shifted outside the mask come back, by the share that is asked for', () => {
    const random = draws(3);
    const edge = 32;
    const rgba = Uint8Array.from({ length: edge * edge * 4 }, (_, i) =>
      i % 4 === 3 ? 255 : 60 + random() * 120,
    );
    const original = { width: edge, height: edge, rgba };
    const shifted = {
      ...original,
      rgba: rgba.map((value, i) => (i % 4 === 3 ? 255 : Math.round(value * 0.95 + 9))),
    };
    const mask = { width: edge, height: edge, coverage: new Uint8Array(edge * edge) };
    const shift = measureShift(shifted, original, mask);
    expect(shift[0]?.gain).toBeCloseTo(1 / 0.95, 2);
    const back = takeShiftOff(shifted, shift, 1).rgba;
    expect(Math.max(...back.map((value, i) => Math.abs(value - (rgba[i] ?? 0))))).toBeLessThanOrEqual(1);
    expect(takeShiftOff(shifted, shift, 0).rgba).toBe(shifted.rgba);
    const half = takeShiftOff(shifted, shift, 0.5).rgba;
    expect(half[0]).toBeCloseTo(((rgba[0] ?? 0) + (shifted.rgba[0] ?? 0)) / 2, -0.5);
  });

  it('say nothing where too little is kept', () => {
    const tiny = { width: 2, height: 2, rgba: new Uint8Array(16).fill(255) };
    const mask = { width: 2, height: 2, coverage: new Uint8Array(4) };
    expect(measureShift(tiny, tiny, mask)).toEqual(Array.from({ length: 3 }, () => ({ gain: 1, offset: 0 })));
  });
});

describe('a local edit', () => {
  const picture: Raster = {
    width: 640,
    height: 480,
    rgba: Uint8Array.from({ length: 640 * 480 * 4 }, (_, i) => (i * 31) % 256),
  };
  const mask: Raster = { width: 640, height: 480, rgba: new Uint8Array(640 * 480 * 4) };
  for (let y = 200; y < 260; y++) mask.rgba.fill(255, (y * 640 + 300) * 4, (y * 640 + 380) * 4);
  const request: GenerationRequest = {
    modelId: 'm',
    prompt: 'p',
    negative: '',
    sampler: 'ddim',
    steps: 4,
    guidance: 4,
    seed: 1,
    noise: 'philox',
    width: 640,
    height: 480,
    init: { raster: picture, strength: 0.8 },
    mask,
    adapters: [],
    local: {},
  };

  it('cuts guides, regions and places of adapters to the same part', async () => {
    const small: Raster = { width: 8, height: 8, rgba: new Uint8Array(256) };
    const edit = await planLocalEdit(
      {
        ...request,
        controls: [
          { path: 'c', strength: 1, raster: picture },
          { path: 'd', strength: 1, raster: small },
        ],
        regions: [{ prompt: 'fox', raster: mask }],
        adapters: [{ path: 'a', strength: 1, region: mask }],
      },
      {},
      native,
    );
    const { controls, regions, adapters } = edit.request;
    const corner = (102 * 640 + 212) * 4;
    expect(controls?.[0]?.raster).toMatchObject({ width: 256, height: 256 });
    expect([...(controls?.[0]?.raster.rgba.subarray(0, 4) ?? [])]).toEqual([
      ...picture.rgba.subarray(corner, corner + 4),
    ]);
    expect(controls?.[1]?.raster).toBe(small);
    expect(regions?.[0]?.raster.rgba[((200 - 102) * 256 + 300 - 212) * 4]).toBe(255);
    expect(adapters[0]?.region).toMatchObject({ width: 256, height: 256 });
  });

  it('asks for the crop alone, and puts it back with every pixel outside the mask as it was', async () => {
    const edit = await planLocalEdit(request, { feather: 0, colourMatch: 0 }, native);
    expect(edit.request).toMatchObject({ width: 256, height: 256 });
    expect(edit.request.local).toBeUndefined();
    expect(edit.recipe.local).toEqual({
      x: 212,
      y: 102,
      width: 256,
      height: 256,
      feather: 0,
      colourMatch: 0,
    });
    const painted = new Uint8Array(256 * 256 * 4).fill(99);
    const { rgba } = await edit.finish({ width: 256, height: 256, rgba: painted });
    for (let i = 0; i < rgba.length; i += 4) {
      if (mask.rgba[i] === 0) expect(rgba[i]).toBe(picture.rgba[i]);
    }
    const alpha = picture.rgba[(230 * 640 + 340) * 4 + 3];
    expect(alpha).toBeGreaterThan(0);
    expect([...rgba.subarray((230 * 640 + 340) * 4, (230 * 640 + 340) * 4 + 4)]).toEqual([99, 99, 99, 99]);
  });

  it('is refused without a mask and beyond the picture', async () => {
    const { mask: _, ...bare } = request;
    await expect(planLocalEdit(bare, {}, native)).rejects.toThrow(/needs a picture and a mask/);
    const crop = { x: 600, y: 0, width: 100, height: 100 };
    await expect(planLocalEdit(request, { crop }, native)).rejects.toThrow(/beyond the picture of 640 × 480/);
  });
});
