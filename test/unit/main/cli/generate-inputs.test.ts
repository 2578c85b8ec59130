import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { batchFiles } from '../../../../main/cli/batch-files.ts';
import { type InputFlags, readInputs } from '../../../../main/cli/generate-inputs.ts';
import { heldControls } from '../../../../main/cli/held-controls.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';

const folder = scratchFolder();
const picture = join(folder, 'picture.png');
beforeAll(async () => {
  writeFileSync(join(folder, 'text.png'), 'no picture');
  await sharp({ create: { width: 3, height: 2, channels: 3, background: '#ffffff' } })
    .png()
    .toFile(picture);
});

const none: InputFlags = {
  whole: false,
  region: [],
  adapter: [],
  control: [],
  controlnet: [],
  prepare: [],
  embedding: [],
};
const net = (path: string) => ({ path, strength: 0.8 });

describe('what generate is given besides words', () => {
  test('is read and paired in order; one preparation serves all', async () => {
    const asked = {
      ...none,
      control: [picture, picture],
      controlnet: [net('a'), net('b')],
      embedding: ['e'],
    };
    const { held, embeddings } = await readInputs({ ...asked, prepare: ['canny'] });
    const controls = heldControls(held, { name: 'mine' });
    expect(controls.map(({ path, prepare }) => [path, prepare])).toEqual([
      ['a', 'canny'],
      ['b', 'canny'],
    ]);
    expect(controls[0]).toMatchObject({ strength: 0.8, raster: { width: 3, height: 2 } });
    expect(embeddings).toEqual([{ path: 'e' }]);
    const each = await readInputs({ ...asked, prepare: ['lines', 'as-is'] });
    expect(each.held.map(({ prepare }) => prepare)).toEqual(['lines', 'as-is']);
  });

  test.each<[string, Partial<InputFlags>, RegExp]>([
    ['a mask without its picture', { mask: 'm.png' }, /--mask but no --image/],
    ['a mask that is none', { init: picture, mask: join(folder, 'text.png') }, /text\.png cannot be read/],
    ['a mask that is not there', { init: picture, mask: 'gone.png' }, /no picture at gone\.png/],
    ['two control pictures without nets', { control: ['c.png', 'd.png'] }, /2 --control and 0 --controlnet/],
    ['a net without its picture', { controlnet: [net('a')] }, /0 --control and 1 --controlnet/],
    ['a control picture that is not there', { control: ['c.png'], controlnet: [net('a')] }, /at c\.png/],
    ['a strength without its picture', { strength: 2 }, /--strength but no --image/],
    ['a feather without its mask', { init: picture, feather: 3 }, /--feather but no --mask/],
    [
      'a match of colours without its mask',
      { init: picture, colourMatch: 0 },
      /--colour-match but no --mask/,
    ],
    ['the whole picture without its mask', { init: picture, whole: true }, /--whole but no --mask/],
    ['more preparations than pictures', { prepare: ['canny', 'lines'] }, /2 --prepare for 0 --control/],
  ])('%s is refused', async (_name, flags, words) => {
    await expect(readInputs({ ...none, ...flags })).rejects.toThrow(words);
  });
});

test('a sketch alone is for the ControlNet that came with the model, as lines unless said otherwise', async () => {
  const shipped = { name: 'Embedded painter', controls: [{ path: '/x/scribble', name: 'ships' }] };
  const { held } = await readInputs({ ...none, control: [picture] });
  expect(heldControls(held, shipped)).toMatchObject([
    { path: '/x/scribble', prepare: 'lines', strength: 1, raster: { width: 3 } },
  ]);
  const asIs = await readInputs({ ...none, control: [picture], prepare: ['as-is'] });
  expect(heldControls(asIs.held, shipped)).toMatchObject([{ prepare: 'as-is' }]);
  expect(() => heldControls(held, { name: 'Dream' })).toThrow(/no ControlNet came with Dream/);
});

test('a mask is worked on by itself unless a size of the whole is asked for', async () => {
  const masked = { ...none, init: picture, mask: picture };
  expect((await readInputs({ ...masked, feather: 3 })).local).toEqual({ feather: 3, colourMatch: 1 });
  expect((await readInputs({ ...masked, whole: true })).local).toBeUndefined();
  expect((await readInputs({ ...masked, width: 64 })).local).toBeUndefined();
  expect((await readInputs({ ...none, init: picture })).local).toBeUndefined();
});

describe('the files of a batch', () => {
  test('are the one that was named, or numbered so that they sort', () => {
    expect(batchFiles('a/fox.png', undefined, 7)).toEqual(['a/fox.png']);
    expect(batchFiles('a/fox.png', 1, 7)).toEqual(['a/fox-1.png']);
    const many = batchFiles('a.b/fox.png', 12, 7);
    expect(many).toHaveLength(12);
    expect(many[0]).toBe('a.b/fox-01.png');
    expect(many.toSorted()).toEqual(many);
  });

  test.each([
    [0, 1, /--count is 0; 1 to 1000/],
    [1001, 1, /--count is 1001/],
    [2, Number.MAX_SAFE_INTEGER, /seeds from 9007199254740991/],
  ])('%i from seed %i is refused', (batch, seed, words) => {
    expect(() => batchFiles('a.png', batch, seed)).toThrow(words);
  });
});
