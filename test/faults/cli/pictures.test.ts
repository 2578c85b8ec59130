import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pngWith } from '../../fixtures/foreign/containers.ts';
import { createWorkplace, type Workplace } from './run-impasto.ts';

const INFOTEXT =
  'a red boat\nNegative prompt: fog\nSteps: 2, Sampler: Euler, CFG scale: 3, Seed: 42, Size: 64x128, Model: other';

let place: Workplace;
beforeAll(async () => {
  place = createWorkplace();
  writeFileSync(join(place.folder, 'a1111.png'), await pngWith([{ name: 'parameters', text: INFOTEXT }]));
  writeFileSync(join(place.folder, 'plain.png'), await pngWith([]));
});
afterAll(() => place.remove());

test('a picture is made with the settings of another, options beside it win, and its file says so', async () => {
  const made = await place.impasto(['generate', '--from', 'a1111.png', '--seed', '7', '--out', 'out.png']);
  expect(made.code).toBe(0);
  expect(made.stderr).toMatch(/The model "other" is not in the library/);
  const { stdout } = await place.impasto(['inspect', 'out.png', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'picture',
    found: {
      tool: 'impasto',
      recipe: {
        prompt: 'a red boat',
        negative: 'fog',
        steps: 2,
        sampler: 'euler',
        seed: 7,
        width: 64,
        height: 128,
      },
    },
  });
});

test('a picture that says nothing is told of, and refused as settings', async () => {
  const told = await place.impasto(['inspect', 'plain.png']);
  expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(/does not say how it was made/) });
  const refused: [string[], number][] = [
    [['--from', 'plain.png'], 1],
    [['--from', 'gone.png'], 1],
    [[], 2],
  ];
  for (const [args, code] of refused) {
    const end = await place.impasto(['generate', '--out', 'no.png', ...args]);
    expect(end).toMatchObject({ code, stdout: '' });
    expect(end.stderr).toMatch(/does not say how it was made|no picture at gone|neither a --prompt/);
  }
});
