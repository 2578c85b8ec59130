import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fitAdapter } from '../../../../main/models/fit-adapter.ts';
import { writeFittingLora, writeSdxlLora } from '../../../fixtures/made-up-lora.ts';

const folder = mkdtempSync(join(tmpdir(), 'impasto-fit-'));
const embedded = join(import.meta.dirname, '../../../../native-models/embedded/model');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an adapter that fits has nothing to say', async () => {
  const file = join(folder, 'whole.safetensors');
  await writeFittingLora(file, embedded);
  expect(await fitAdapter(embedded, file)).toMatchObject({ fits: true, unused: [], notice: null });
});

test('text 11: an adapter of another family changes nothing, and says of which it is', async () => {
  const file = join(folder, 'inkwash_v3.safetensors');
  writeSdxlLora(file);
  const { fits, keys, notice } = await fitAdapter(embedded, file);
  expect(fits).toBe(false);
  expect(notice?.message).toMatch(
    new RegExp(
      `^inkwash_v3 is for SDXL and this model is .+: 0 of ${keys} keys fit\\. The other adapters stay on\\.$`,
    ),
  );
});

test('text 12: an adapter that fits in part says how many of its keys do', async () => {
  const file = join(folder, 'grain.safetensors');
  await writeFittingLora(file, embedded, {}, [['nowhere', 8, 8]]);
  const { fits, keys, usedKeys, unused, notice } = await fitAdapter(embedded, file);
  expect(fits).toBe(true);
  expect(keys - usedKeys).toBe(3);
  expect(unused.map(({ key }) => key.replace('lora_unet_', ''))).toEqual([
    'nowhere.lora_down.weight',
    'nowhere.lora_up.weight',
    'nowhere.alpha',
  ]);
  expect(`${notice?.message} ${notice?.remedy}`).toBe(
    `grain fits in part: ${usedKeys} of ${keys} keys, the rest change nothing. The picture is valid. See which keys, or take it off.`,
  );
});

test('text 13: a file that can run code when opened is not opened', async () => {
  const file = join(folder, 'old.ckpt');
  writeFileSync(file, 'anything');
  await expect(fitAdapter(embedded, file)).rejects.toMatchObject({
    message: 'old.ckpt can run code when opened, so it is not opened. The file is untouched.',
    remedy: 'Get its .safetensors version.',
  });
});
