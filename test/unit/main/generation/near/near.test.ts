import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { HammingIndex } from '../../../../../main/generation/near/hamming-index.ts';
import { hashPicture } from '../../../../../main/generation/near/picture-hash.ts';
import { hashPrompt } from '../../../../../main/generation/near/prompt-hash.ts';

/** Bits in which two hashes differ, counted one by one. */
function distance(a: bigint, b: bigint): number {
  return (a ^ b).toString(2).replaceAll('0', '').length;
}

/** 64-bit numbers that follow from a seed (SplitMix64). */
function draws(seed: bigint): () => bigint {
  let state = seed;
  const mask = (1n << 64n) - 1n;
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return z ^ (z >> 31n);
  };
}

describe('the index', () => {
  it('finds exactly what comparing one by one finds, at every distance, sorted or just added', () => {
    const draw = draws(1n);
    const centre = draw();
    const near = (): bigint => {
      let hash = centre;
      for (let i = Number(draw() % 14n); i > 0; i--) hash ^= 1n << (draw() % 64n);
      return hash;
    };
    const hashes = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? near() : draw()));
    const index = new HammingIndex(hashes.slice(0, 2000));
    for (const hash of hashes.slice(2000)) index.add(hash);
    expect(index.count).toBe(3000);
    for (const within of [0, 1, 3, 4, 7, 8, 11]) {
      const expected = hashes
        .map((hash, entry) => ({ entry, distance: distance(hash, centre) }))
        .filter((each) => each.distance <= within)
        .toSorted((a, b) => a.distance - b.distance || a.entry - b.entry);
      expect(index.find(centre, within)).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);
    }
  });

  it('finds nothing in nothing', () => {
    expect(new HammingIndex().find(5n, 4)).toEqual([]);
  });
});

describe('a picture’s hash', () => {
  it('is the differences of neighbours, the upper left one first', async () => {
    const rgba = Uint8Array.from({ length: 9 * 8 * 4 }, (_, i) => {
      if (i % 4 === 3) return 255;
      const [x, y] = [(i >> 2) % 9, Math.floor((i >> 2) / 9)];
      return y < 4 ? 200 - x * 20 : 20 + x * 20;
    });
    expect(await hashPicture({ width: 9, height: 8, rgba })).toBe(0xffff_ffff_0000_0000n);
  });

  it('stays near when a picture is compressed and resized, and is far from another', async () => {
    const draw = draws(9n);
    const blob = async (): Promise<Buffer> => {
      const shapes = Array.from(
        { length: 12 },
        () =>
          `<circle cx="${draw() % 256n}" cy="${draw() % 256n}" r="${10n + (draw() % 70n)}" fill="rgb(${draw() % 256n},${draw() % 256n},${draw() % 256n})"/>`,
      );
      return Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">${shapes.join('')}</svg>`,
      );
    };
    const hashOf = async (image: ReturnType<typeof sharp>): Promise<bigint> => {
      const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      return hashPicture({ width: info.width, height: info.height, rgba: data });
    };
    for (let i = 0; i < 5; i++) {
      const [one, other] = [await blob(), await blob()];
      const original = await hashOf(sharp(one));
      const worn = await sharp(one)
        .flatten({ background: '#fff' })
        .resize(190, 200, { fit: 'fill' })
        .jpeg({ quality: 40 })
        .toBuffer();
      expect(distance(original, await hashOf(sharp(worn)))).toBeLessThanOrEqual(6);
      expect(distance(original, await hashOf(sharp(other)))).toBeGreaterThan(10);
    }
  });
});

describe('a prompt’s hash', () => {
  const long =
    'an oil painting of a red sailboat on the sea at sunset, calm water, warm light, wide view, clouds';

  it('is equal for equal words, near for a word more, far for other words', () => {
    expect(hashPrompt(long.toUpperCase().replaceAll(',', ' ,'))).toBe(hashPrompt(long));
    expect(distance(hashPrompt(long), hashPrompt(`${long}, birds`))).toBeLessThanOrEqual(10);
    expect(
      distance(hashPrompt(long), hashPrompt('a portrait of an old king in armour, dark hall')),
    ).toBeGreaterThan(18);
    expect(hashPrompt('')).toBe(0n);
  });
});
