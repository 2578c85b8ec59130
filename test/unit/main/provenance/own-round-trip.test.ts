import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../../main/documents/png.ts';
import { readSettings } from '../../../../main/provenance/read-settings.ts';
import { readA1111 } from '../../../../main/provenance/tools/a1111.ts';
import { usableSettings } from '../../../../main/provenance/usable-settings.ts';
import { writeInfotext } from '../../../../main/provenance/write-infotext.ts';
import { pngTexts } from '../../../../main/provenance/carriers/png-texts.ts';
import type { ModelCard, Recipe } from '../../../../preload/contract/index.ts';
import { exampleRecipe } from '../../../fixtures/recipe.ts';

const raster = { width: 3, height: 2, rgba: new Uint8Array(24).fill(200) };
const recipe: Recipe = {
  ...exampleRecipe,
  prompt: 'a fox, 狐 and "snow"\nsecond line',
  negative: 'blurry, lowres',
  sampler: 'dpmpp-2m-karras',
  seed: 123_456_789_012,
  noise: 'torch-cpu',
  clipSkip: 2,
  adapters: [{ sha256: 'ab'.repeat(32), name: 'ink_wash', strength: 0.8, textStrength: 0.5 }],
};

describe('a picture of ours', () => {
  it('gives its recipe back whole', async () => {
    const found = await readSettings(await encodePng(raster, [{ layer: null, recipe }]));
    expect(found?.tool).toBe('impasto');
    expect(found?.recipe).toEqual(recipe);
    expect(found).toMatchObject({
      prompt: recipe.prompt,
      seed: recipe.seed,
      sampler: { id: recipe.sampler },
    });
  });

  it('carries infotext that says the same to other programs', async () => {
    const png = await encodePng(raster, [{ layer: null, recipe }]);
    const text = pngTexts(png).find(({ name }) => name === 'parameters')?.text ?? '';
    expect(text).toBe(writeInfotext(recipe));
    expect(readA1111(text, '')).toMatchObject({
      prompt: recipe.prompt,
      negative: recipe.negative,
      sampler: { id: recipe.sampler },
      steps: recipe.steps,
      guidance: recipe.guidance,
      seed: recipe.seed,
      noise: 'torch-cpu',
      width: recipe.width,
      height: recipe.height,
      clipSkip: 2,
      model: { name: recipe.model.name, hash: recipe.model.sha256.slice(0, 10) },
      adapters: [{ name: 'ink_wash', strength: 0.8, textStrength: 0.5, hash: 'ab'.repeat(6) }],
      unknown: [],
    });
  });
});

describe('settings that can be used here', () => {
  const card: ModelCard = {
    id: 'm',
    name: 'Dreamshaper_8.safetensors',
    family: 'SD1.5',
    bytes: 1,
    embedded: false,
    about: '',
    nativeWidth: 512,
    nativeHeight: 512,
    sizeMultiple: 8,
    defaults: { sampler: 'ddim', steps: 20, guidance: 7 },
    words: null,
    examples: [],
  };
  const infotext = (parameters: string): ReturnType<typeof usableSettings> => {
    const found = readA1111(`a fox <lora:ink:0.5>\n${parameters}`, '');
    if (found === null) throw new Error('no infotext');
    return usableSettings(found, [card]);
  };

  it("finds the model by its file's name and calls adapters by theirs", () => {
    const use = infotext('Steps: 20, Sampler: Euler, Seed: 1, Size: 512x512, Model: dreamshaper_8');
    expect(use).toMatchObject({
      modelId: 'm',
      prompt: 'a fox <lora:ink:0.5>',
      sampler: 'euler',
      notices: [],
    });
  });

  it('says what cannot be had, with the number that did not fit', () => {
    const use = infotext(
      'Steps: 2000, Sampler: DPM adaptive, Seed: 1, Size: 516x32, CFG scale: 7, Model: other',
    );
    expect(use).toMatchObject({
      modelId: null,
      sampler: null,
      steps: null,
      width: 520,
      height: null,
      guidance: 7,
    });
    expect(use.notices).toEqual([
      'The model "other" is not in the library; the chosen one stays.',
      'There is no sampler "DPM adaptive" here.',
      'Steps 2000 is outside 1 … 1000 and is left as it is.',
      'Width 516 becomes 520, a multiple of 8.',
      'Height 32 is outside 64 … 4096 and is left as it is.',
    ]);
  });
});
