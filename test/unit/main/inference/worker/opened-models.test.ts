import { cp, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OpenedModels } from '../../../../../main/inference/worker/opened-models.ts';

const embedded = path.resolve(import.meta.dirname, '../../../../../native-models/embedded/model');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'impasto-opened-'));
  await cp(embedded, path.join(folder, 'model'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('takes a model that is as it was again, and sees every file that changed', async () => {
  const models = new OpenedModels();
  const model = path.join(folder, 'model');
  const first = await models.open(model);
  expect(await models.open(model)).toBe(first);

  const config = path.join(model, 'unet', 'config.json');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace('"norm_eps": 1e-05', '"norm_eps": 2e-05'));
  const changed = await models.open(model);
  expect(changed).not.toBe(first);
  expect(changed.identity).not.toBe(first.identity);

  const weights = path.join(model, 'vae', 'diffusion_pytorch_model.safetensors');
  await utimes(weights, new Date(), new Date(Date.now() + 5000));
  expect((await models.open(model)).identity).not.toBe(changed.identity);
});

it('opens a model with another autoencoder as another one', async () => {
  const models = new OpenedModels();
  const own = await models.open(embedded);
  const other = await models.open(embedded, path.join(embedded, 'vae'));
  expect(other).not.toBe(own);
  expect(await models.open(embedded, path.join(embedded, 'vae'))).toBe(other);
});

it('says what is wrong with a file that is not there', async () => {
  await expect(new OpenedModels().open(path.join(folder, 'none'))).rejects.toThrow(/none/);
});
