import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkplace, type Workplace } from './run-impasto.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
});
afterAll(() => place.remove());

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe('help', () => {
  test.each([['--help'], ['generate --help'], ['models --help'], ['doctor --help'], ['verify --help']])(
    'impasto %s has examples and exit code 0',
    async (args) => {
      const end = await place.impasto(args.split(' '));
      expect(end).toMatchObject({ code: 0, stderr: '' });
      expect(end.stdout).toMatch(/Usage: impasto/);
      expect(end.stdout).toMatch(/Examples?:\n {2}impasto/);
    },
  );

  test('no command at all is a fault of usage', async () => {
    expect((await place.impasto([])).code).toBe(2);
  });
});

test('doctor says what was tried, with numbers, and that pictures can be made', async () => {
  const end = await place.impasto(['doctor', '--json']);
  expect(end).toMatchObject({ code: 0, stderr: '' });
  const report = json(end.stdout) as {
    onnxruntime: string;
    worker: string;
    folders: { data: string };
    devices: { chosen: string; tried: { provider: string; verdict: string; reason: string }[] };
  };
  expect(report.onnxruntime).toMatch(/^\d+\.\d+\.\d+/);
  expect(report.worker).toBe('starts');
  expect(report.folders.data).toBe(place.data);
  const cpu = report.devices.tried.find(({ provider }) => provider === 'cpu');
  expect(cpu).toMatchObject({ verdict: 'verified' });
  expect(cpu?.reason).toMatch(/\d/);
  for (const { verdict, reason } of report.devices.tried)
    if (verdict !== 'verified') expect(reason).not.toBe('');
});

test('models, tokens and inspect answer as text and as one JSON object', async () => {
  const models = await place.impasto(['models', '--json']);
  expect(json(models.stdout)).toMatchObject({ models: [{ id: 'embedded', embedded: true }], folders: [] });
  const tokens = await place.impasto(['tokens', 'a red elefant', '--json']);
  expect(json(tokens.stdout)).toMatchObject({ limit: 30, unknown: [{ word: 'elefant' }] });
  expect((await place.impasto(['tokens', 'a red elefant'])).stdout).toMatch(
    /Not known to this model: elefant/,
  );
  const model = join(import.meta.dirname, '../../../native-models/embedded/model');
  const inspected = await place.impasto(['inspect', model, '--json']);
  expect(json(inspected.stdout)).toMatchObject({ kind: 'checkpoint', family: 'SD1.5', triggerWords: [] });
});

test.each([
  ['inspect of nothing', ['inspect', 'nothing.safetensors'], /nothing\.safetensors/],
  ['a model that is not there', ['models', 'nothing.safetensors'], /nothing\.safetensors/],
  ['a folder that is not there', ['models', '--folder', 'nowhere'], /nowhere/],
  ['tokens of no model', ['tokens', 'a', '--model', 'nothing'], /nothing/],
  ['no reference', ['verify', '--reference', 'nowhere'], /nowhere holds none of/],
])('%s is refused in words with exit code 1', async (_name, args, words) => {
  const end = await place.impasto(args);
  expect(end).toMatchObject({ code: 1, stdout: '' });
  expect(end.stderr).toMatch(words);
  expect(end.stderr).not.toMatch(/\n\s+at /);
});

test.each([
  ['too many characters', ['tokens', 'x'.repeat(100_000)], /^[^.]*100000 characters; at most 20000/],
  ['no steps', ['plan', '--prompt', 'a', '--steps', '0'], /^steps is 0; at least 1 is needed\./],
  [
    'half of a part',
    ['generate', '--prompt', 'a', '--out', 'a.png', '--guidance-interval', '1'],
    /"1" is not FROM-TO/,
  ],
  ['a seed too large', ['plan', '--prompt', 'a', '--seed', '9007199254740992'], /is beyond 2\^53 - 1/],
  ['nothing of a picture', ['convert', 'a.png', 'b.jpg', '--scale', '0'], /0 is not above 0/],
])('%s is a fault of usage, told in words of the options', async (_name, args, words) => {
  const end = await place.impasto(args);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toMatch(words);
  expect(end.stderr).not.toMatch(/was refused|\n\s+at /);
});

test('the version is that of the package', async () => {
  const { version } = json(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
  expect(await place.impasto(['--version'])).toEqual({ code: 0, stdout: `${String(version)}\n`, stderr: '' });
});

test('verify tells a miss by its exit code', async () => {
  const noise = [
    {
      seed: 0,
      n: 3,
      philox: [1, 2, 3],
      torch_cpu: [1.5409960746765137, -0.293428897857666, -2.1787893772125244],
    },
  ];
  writeFileSync(join(place.folder, 'noise.json'), JSON.stringify(noise));
  const end = await place.impasto(['verify', '--reference', '.', '--json']);
  expect(end.code).toBe(1);
  expect(json(end.stdout)).toMatchObject({
    passed: 1,
    missed: 1,
    rows: [{ verdict: 'miss' }, { verdict: 'ok' }],
  });
});
