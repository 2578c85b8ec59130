import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLinocuts } from '../../fixtures/linocut-pictures.ts';
import { createWorkplace } from './run-impasto.ts';

const { folder, impasto, remove } = createWorkplace();
const pictures = join(folder, 'pictures');
afterAll(remove);
beforeAll(() => writeLinocuts(pictures));

const quick = [
  'train',
  '--pictures',
  'pictures',
  '--size',
  '64',
  '--rank',
  '2',
  '--batch',
  '1',
  '--layers',
  'transformers',
];

test('a training that Ctrl+C stops is gone on with, and its LoRA changes a picture', async () => {
  const whole = await impasto([...quick, '--out', 'whole/style.safetensors', '--steps', '8']);
  expect(whole).toMatchObject({ code: 1 });
  expect(whole.stderr).toContain('cannot be written');

  let asked = false;
  const args = [
    ...quick,
    '--out',
    'style.safetensors',
    '--steps',
    '60',
    '--rate',
    '0.02',
    '--trigger',
    'linocut',
  ];
  const stopped = await impasto(args, (text, kill) => {
    if (asked || !text.includes('training ')) return;
    asked = true;
    kill('SIGINT');
  });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toMatch(/Stopped after step \d+\. Go on with --resume\./);
  expect(existsSync(join(folder, 'style.training'))).toBe(true);

  const again = await impasto(args);
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toContain('Go on with --resume, or begin anew with --restart.');

  const { code, stdout } = await impasto([...args, '--resume', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ steps: 60, pictures: 12, settings: { rank: 2 } });
  expect(existsSync(join(folder, 'style.training'))).toBe(false);

  const paint = (out: string, ...more: readonly string[]) =>
    impasto([
      'generate',
      '--no-cache',
      '--prompt',
      'linocut, a house',
      '--seed',
      '1',
      '--steps',
      '3',
      '--out',
      out,
      ...more,
    ]);
  await paint('without.png');
  await paint('with.png', '--lora', 'style.safetensors');
  await paint('off.png', '--lora', 'style.safetensors:0');
  const pixels = (name: string): Promise<Buffer> =>
    sharp(readFileSync(join(folder, name)))
      .raw()
      .toBuffer();
  const without = await pixels('without.png');
  /** The largest difference of a byte from the picture without the LoRA. */
  const off = async (name: string): Promise<number> =>
    (await pixels(name)).reduce((most, value, i) => Math.max(most, Math.abs(value - (without[i] ?? 0))), 0);
  expect(await off('with.png')).toBeGreaterThan(10);
  // At strength 0 its layers add zeros, which may round another way.
  expect(await off('off.png')).toBeLessThanOrEqual(2);
});

test('the plan is told without a file, and bad pictures by name', async () => {
  writeFileSync(join(pictures, 'broken.png'), 'no picture');
  const { code, stdout, stderr } = await impasto([...quick, '--out', 'plan.safetensors', '--plan']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Memory\s+0\.\d+ GiB a step/);
  expect(stdout).toMatch(/Time\s+about/);
  expect(stderr).toContain('Skipped broken.png');
  expect(existsSync(join(folder, 'plan.safetensors'))).toBe(false);
});

test.each([
  [['--pictures', 'nowhere', '--out', 'a.safetensors'], 1, 'There is no folder nowhere'],
  [['--pictures', 'pictures', '--out', 'a.png'], 1, 'does not end in .safetensors'],
  [['--pictures', 'pictures', '--out', 'a.safetensors', '--resume'], 1, 'There is nothing to go on from'],
  [['--pictures', 'pictures', '--out', 'a.safetensors', '--rank', '0'], 2, '0 is not between 1 and 256'],
  [['--pictures', 'pictures', '--out', 'a.safetensors', '--resume', '--restart'], 2, 'not both'],
] as const)('%j is refused', async (args, code, message) => {
  const end = await impasto(['train', ...args]);
  expect(end.code).toBe(code);
  expect(end.stderr).toContain(message);
});
