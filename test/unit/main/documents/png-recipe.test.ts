import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { exampleRecipe } from '../../../fixtures/recipe.ts';
import { decodePicture, encodePng } from '../../../../main/documents/png.ts';
import { readRecipes, type RecipeNote, withRecipes } from '../../../../main/documents/png-recipe.ts';

const note: RecipeNote = { layer: 'Füchse 🦊', recipe: exampleRecipe };

const PYTHON = '/usr/bin/python3';
const hasPillow = spawnSync(PYTHON, ['-c', 'import PIL']).status === 0;

const raster = (): { width: number; height: number; rgba: Uint8Array } => {
  const rgba = Uint8Array.from({ length: 31 * 17 * 4 }, (_, index) => (index * 73) % 256);
  return { width: 31, height: 17, rgba };
};

describe('a recipe inside a PNG', () => {
  it('comes back as it was, and the pixels too, transparent ones included', async () => {
    const png = await encodePng(raster(), [note]);
    expect(readRecipes(png)).toEqual([note]);
    expect(await decodePicture(png)).toEqual(raster());
  });

  it('passes a strict decoder, which checks every chunk', async () => {
    const { format, width } = await sharp(await encodePng(raster(), [note]), {
      failOn: 'warning',
    }).metadata();
    expect({ format, width }).toEqual({ format: 'png', width: 31 });
  });

  it.skipIf(!hasPillow)('is text that another program reads (needs Python with Pillow)', async () => {
    const png = await encodePng(raster(), [note]);
    const read =
      'import io,sys,PIL.Image as I; print(I.open(io.BytesIO(sys.stdin.buffer.read())).text["impasto"])';
    const { stdout } = spawnSync(PYTHON, ['-X', 'utf8', '-c', read], { input: png });
    expect(JSON.parse(stdout.toString())).toEqual({ version: 1, recipes: [note] });
  });

  it('replaces an earlier one', async () => {
    const once = await encodePng(raster(), [note]);
    expect(readRecipes(withRecipes(once, [{ ...note, layer: 'second' }])).map(({ layer }) => layer)).toEqual([
      'second',
    ]);
    expect(readRecipes(withRecipes(once, []))).toEqual([]);
  });

  it('reads nothing, and does not fail, from files that are cut or made up', async () => {
    const png = await encodePng(raster(), [note]);
    for (let length = 0; length < png.byteLength; length += 7)
      expect(() => readRecipes(png.subarray(0, length))).not.toThrow();
    const longer = png.slice();
    new DataView(longer.buffer).setUint32(8, 0xffff_ffff);
    expect(readRecipes(longer)).toEqual([]);
    expect(readRecipes(Uint8Array.from([1, 2, 3]))).toEqual([]);
  });

  it.each([
    ['picture/empty', new Uint8Array()],
    ['picture/unreadable', new TextEncoder().encode('not a picture at all')],
  ])('refuses to decode with %s', async (code, bytes) => {
    await expect(decodePicture(bytes)).rejects.toMatchObject({ code });
  });
});
