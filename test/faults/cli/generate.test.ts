import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecipes } from '../../../main/documents/png-recipe.ts';
import { createWorkplace, type Workplace } from './run-impasto.ts';

const EMBEDDED = join(import.meta.dirname, '../../../native-models/embedded/model');
const UNET = 'unet/diffusion_pytorch_model.safetensors';

let place: Workplace;
beforeAll(async () => {
  place = createWorkplace();
  writeFileSync(join(place.folder, 'empty.png'), '');
  writeFileSync(join(place.folder, 'noise.png'), Buffer.from('this is text, not a picture'));
  await sharp({ create: { width: 48, height: 48, channels: 3, background: '#804020' } })
    .png()
    .toFile(join(place.folder, 'init.png'));
  await sharp({ create: { width: 48, height: 48, channels: 3, background: '#000000' } })
    .png()
    .toFile(join(place.folder, 'black.png'));
  mkdirSync(join(place.folder, 'locked'));
  chmodSync(join(place.folder, 'locked'), 0o500);
  mkdirSync(join(place.folder, 'folder.png'));
});
afterAll(() => {
  chmodSync(join(place.folder, 'locked'), 0o700);
  place.remove();
});

/** A copy of the model that ships, broken in one way. */
function brokenModel(name: string, breakIt: (unetFile: string) => void): string {
  const folder = join(place.folder, 'models', name);
  cpSync(EMBEDDED, folder, { recursive: true });
  breakIt(join(folder, UNET));
  return folder;
}

/** Rewrites the header of a safetensors file; its data keep their place behind it. */
function editHeader(
  file: string,
  edit: (header: Record<string, { data_offsets: [number, number] }>) => void,
): void {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8')) as Parameters<typeof edit>[0];
  edit(header);
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.byteLength));
  writeFileSync(file, Buffer.concat([prefix, text, bytes.subarray(8 + length)]));
}

const paint = (...args: string[]): string[] => [
  'generate',
  '--prompt',
  'a boat',
  '--seed',
  '1',
  '--steps',
  '2',
  '--out',
  'out.png',
  ...args,
];

describe('bad input is refused in words, with nothing left behind', () => {
  const broken = {
    truncated: () => brokenModel('truncated', (file) => truncateSync(file, 1_000_000)),
    beyond: () =>
      brokenModel('beyond', (file) =>
        editHeader(file, (header) => {
          const [name] = Object.keys(header).filter((key) => key !== '__metadata__');
          header[name!]!.data_offsets = [header[name!]!.data_offsets[0], 2 ** 50];
        }),
      ),
    hugeHeader: () =>
      brokenModel('huge', (file) => {
        const bytes = readFileSync(file);
        bytes.writeBigUInt64LE(2n ** 60n);
        writeFileSync(file, bytes);
      }),
    pickle: () => {
      writeFileSync(join(place.folder, 'old.ckpt'), 'PK');
      return 'old.ckpt';
    },
    empty: () => {
      writeFileSync(join(place.folder, 'empty.safetensors'), '');
      return 'empty.safetensors';
    },
  };

  test.each<[string, () => string[], number, RegExp]>([
    ['a model that is not there', () => paint('--model', 'no/such/model'), 1, /no\/such\/model/],
    [
      'a truncated model',
      () => paint('--model', broken.truncated()),
      1,
      /diffusion_pytorch_model\.safetensors.*1000000|bytes/,
    ],
    ['offsets beyond the file', () => paint('--model', broken.beyond()), 1, /1125899906842624/],
    ['a header of 2^60 bytes', () => paint('--model', broken.hugeHeader()), 1, /1152921504606846976/],
    ['a pickle', () => paint('--model', broken.pickle()), 1, /pickle.*\.safetensors/],
    ['an empty checkpoint', () => paint('--model', broken.empty()), 1, /0 bytes/],
    [
      'a prompt of 10^5 characters',
      () => [...paint(), '--prompt', 'x'.repeat(100_000)],
      2,
      /100000 characters.*20000/,
    ],
    [
      'a negative prompt of 10^5 characters',
      () => paint('--negative', 'x '.repeat(50_000)),
      2,
      /100000 characters/,
    ],
    ['a width of 0', () => paint('--width', '0'), 2, /width is 0/],
    ['a height of 100,000', () => paint('--height', '100000'), 2, /height is 100000.*4096/],
    [
      'a width that does not fit the model',
      () => paint('--width', '250'),
      1,
      /250 × 256.*multiples of 64.*256 × 256/,
    ],
    ['a width that is no number', () => paint('--width', 'wide'), 2, /"wide" is not a whole number/],
    ['strength NaN', () => paint('--init', 'init.png', '--strength', 'NaN'), 2, /"NaN" is not a number/],
    ['strength 1.5', () => paint('--init', 'init.png', '--strength', '1.5'), 2, /strength is 1.5.*at most 1/],
    ['an unknown sampler', () => paint('--sampler', 'magic'), 1, /magic.*DDIM/],
    ['0 steps', () => paint('--steps', '0'), 2, /steps is 0/],
    ['guidance without end', () => paint('--guidance', 'Infinity'), 2, /"Infinity" is not a number/],
    ['a seed beyond 2^53', () => paint('--seed', '9007199254740993'), 2, /beyond 2\^53/],
    ['an init picture that is not there', () => paint('--init', 'gone.png'), 1, /no picture at gone\.png/],
    ['an empty init picture', () => paint('--init', 'empty.png'), 1, /0 bytes/],
    [
      'an init picture that is none',
      () => paint('--init', 'noise.png'),
      1,
      /noise\.png cannot be read as a picture/,
    ],
    [
      'an adapter that is not there',
      () => paint('--adapter', 'gone.safetensors:0.5'),
      1,
      /gone\.safetensors/,
    ],
    ['an adapter that is none', () => paint('--adapter', 'noise.png'), 1, /noise\.png/],
    [
      'a folder for --out',
      () => [...paint(), '--out', 'folder.png'],
      1,
      /folder\.png cannot be written.*folder/,
    ],
    [
      'an --out without a folder',
      () => [...paint(), '--out', 'no/where/out.png'],
      1,
      /no\/where\/out\.png cannot be written/,
    ],
    ['an --out that is no PNG', () => [...paint(), '--out', 'out.jpg'], 1, /does not end in \.png/],
    [
      'a mask that covers nothing',
      () => paint('--init', 'init.png', '--mask', 'black.png'),
      1,
      /mask covers no pixel/,
    ],
    [
      'a mask that is not there',
      () => paint('--init', 'init.png', '--mask', 'gone.png'),
      1,
      /no picture at gone\.png.*--mask/,
    ],
    ['an unknown preparation', () => paint('--prepare', 'depth'), 2, /as-is, canny, lines/],
    [
      'a ControlNet that is none',
      () => paint('--control', 'init.png', '--controlnet', 'noise.png'),
      1,
      /noise\.png/,
    ],
    [
      'a ControlNet of strength 11',
      () => paint('--control', 'init.png', '--controlnet', 'gone.safetensors:11'),
      2,
      /strength is 11; at most 10/,
    ],
    ['CLIP skip 13', () => paint('--clip-skip', '13'), 2, /clipSkip is 13; at most 12/],
    ['an embedding that is none', () => paint('--embedding', 'noise.png'), 1, /noise\.png/],
    ['no prompt', () => ['generate', '--out', 'out.png'], 2, /--prompt/],
    ['no prompt to plan', () => ['plan'], 2, /--prompt/],
    ['no prompt for a grid', () => ['grid', '--x', 'seed=1,2', '--out', 'out.png'], 2, /--prompt/],
    ['an unknown option', () => paint('--magic'), 2, /--magic/],
    ['an unknown command', () => ['paint'], 2, /paint/],
  ])('%s', async (_name, args, code, words) => {
    const end = await place.impasto(args());
    expect(end.stderr).toMatch(words);
    expect(end.code).toBe(code);
    // A sentence and what to do; never a stack.
    expect(end.stderr).not.toMatch(/\n\s+at |Error:|\[object/);
    expect(end.stdout).toBe('');
    expect(existsSync(join(place.folder, 'out.png'))).toBe(false);
    const left = readdirSync(place.folder).filter((name) => /out|part/.test(name));
    expect(left).toEqual([]);
    if (existsSync(join(place.data, 'results'))) expect(readdirSync(join(place.data, 'results'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)(
    'a folder that may not be written to (needs an ordinary user)',
    async () => {
      const end = await place.impasto([...paint(), '--out', 'locked/out.png']);
      expect(end).toMatchObject({ code: 1, stdout: '' });
      expect(end.stderr).toMatch(/locked\/out\.png cannot be written/);
    },
  );

  test('with --json the error is one JSON object on standard output', async () => {
    const end = await place.impasto(paint('--sampler', 'magic', '--json'));
    expect(end.code).toBe(1);
    expect(JSON.parse(end.stdout)).toEqual({
      error: {
        code: 'model/config-invalid',
        message: expect.stringContaining('magic'),
        remedy: expect.any(String),
      },
    });
  });
});

describe('a picture', () => {
  test('is made, written and described; the same command makes the same bytes', async () => {
    const args = paint('--json');
    const first = await place.impasto(args);
    expect(first.stderr).not.toMatch(/Error/);
    expect(first.code).toBe(0);
    const described = JSON.parse(first.stdout) as { file: string; recipe: { seed: number; steps: number } };
    expect(described).toMatchObject({
      file: 'out.png',
      width: 256,
      height: 256,
      recipe: { seed: 1, steps: 2 },
    });
    const png = readFileSync(join(place.folder, 'out.png'));
    expect(readRecipes(png)).toEqual([{ layer: null, recipe: described.recipe }]);
    const again = await place.impasto([...args.slice(0, -1), '--out', 'again.png']);
    expect(again.stdout).toMatch(/^again\.png: 256 × 256, seed 1, \d+\.\d s on \w+\n$/);
    expect(readFileSync(join(place.folder, 'again.png'))).toEqual(png);
  });

  test('can start from another picture', async () => {
    const end = await place.impasto(
      paint('--steps', '4', '--init', 'init.png', '--strength', '0.5', '--json'),
    );
    expect(end.code).toBe(0);
    const { recipe } = JSON.parse(end.stdout) as { recipe: { init: unknown } };
    expect(recipe.init).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), strength: 0.5 });
  });

  test('in a batch takes the next seed, and keeps its bytes', async () => {
    const end = await place.impasto([...paint('--batch', '2', '--json'), '--out', 'many.png', '--seed', '0']);
    expect(end.code).toBe(0);
    const { pictures } = JSON.parse(end.stdout) as { pictures: { file: string; recipe: { seed: number } }[] };
    expect(pictures.map(({ file, recipe }) => [file, recipe.seed])).toEqual([
      ['many-1.png', 0],
      ['many-2.png', 1],
    ]);
    const alone = await place.impasto([...paint('--no-cache'), '--out', 'alone.png']);
    expect(alone.code).toBe(0);
    expect(readFileSync(join(place.folder, 'many-2.png'))).toEqual(
      readFileSync(join(place.folder, 'alone.png')),
    );
  });

  test('stops on Ctrl+C with exit code 130 and leaves nothing', async () => {
    let sent = false;
    const end = await place.impasto(
      ['generate', '--prompt', 'a boat', '--steps', '1000', '--seed', '1', '--out', 'stopped.png'],
      (text, kill) => {
        if (sent || !/Painting \d/.test(text)) return;
        sent = true;
        kill('SIGINT');
      },
    );
    expect(end.code).toBe(130);
    expect(end.stderr).toMatch(/Cancelled after step \d+ of 1000/);
    expect(existsSync(join(place.folder, 'stopped.png'))).toBe(false);
  });
});
