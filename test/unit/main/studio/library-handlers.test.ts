import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knownFolders } from '../../../../main/models/known-folders.ts';
import { type ModelLibrary, openModelLibrary } from '../../../../main/models/model-library.ts';
import { libraryHandlers } from '../../../../main/studio/library-handlers.ts';
import { createBackgroundScan } from '../../../../main/studio/scan-in-background.ts';
import { events, requests, type StudioEvent } from '../../../../preload/contract/index.ts';
import { writeFittingLora, writeSdxlLora } from '../../../fixtures/made-up-lora.ts';

const EMBEDDED = join(import.meta.dirname, '../../../../native-models/embedded/model');

let root: string;
let models: string;
let library: ModelLibrary;
let told: StudioEvent[];
let handlers: ReturnType<typeof libraryHandlers>;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'impasto-library-'));
  models = join(root, 'models');
  mkdirSync(models);
  told = [];
  library = openModelLibrary({
    dataFolder: join(root, 'data'),
    embeddedModelFolder: EMBEDDED,
    notice: () => {},
  });
  const bus = {
    emit(event: StudioEvent) {
      events[event.name].parse(event.payload);
      told.push(event);
    },
  };
  const scan = createBackgroundScan(library, bus, (error) => {
    throw error;
  });
  handlers = libraryHandlers(library, scan);
  writeSdxlLora(join(models, 'inkwash_v3.safetensors'));
  await writeFittingLora(join(models, 'zebra.safetensors'), EMBEDDED, {
    'modelspec.trigger_phrase': 'zebra stripes',
  });
});
afterEach(async () => {
  await settled();
  library.close();
  rmSync(root, { recursive: true });
});

async function settled(): Promise<void> {
  await expect.poll(async () => (await handlers['library.folders']({})).scanning).toBe(false);
}

async function addModels(): Promise<void> {
  await handlers['library.add-folder']({ path: models });
  await settled();
}

test('a folder that is added is looked through, and the page is told when that begins and ends', async () => {
  await addModels();
  const heard = told.flatMap((event) => (event.name === 'library.changed' ? [event.payload] : []));
  expect(heard[0]).toEqual({ scanning: true, found: 0, path: null });
  expect(heard.at(-1)).toEqual({ scanning: false, found: 2, path: null });
  expect(await handlers['library.folders']({})).toEqual({
    folders: [{ path: models, present: true, files: 2 }],
    scanning: false,
  });
  expect(readdirSync(models)).toHaveLength(2);
});

test('a folder that is added during a scan is looked through as well', async () => {
  const second = join(root, 'second');
  writeSdxlLora(join(second, 'late.safetensors'));
  await Promise.all([
    handlers['library.add-folder']({ path: models }),
    handlers['library.add-folder']({ path: second }),
  ]);
  await settled();
  const files = await handlers['library.files']({});
  expect(files.map(({ name }) => name).toSorted()).toEqual(['inkwash_v3', 'late', 'zebra']);
});

test('cards say what a file is, and why one cannot be used', async () => {
  writeFileSync(join(models, 'old.ckpt'), 'PK');
  writeFileSync(join(models, 'torn.safetensors'), 'abc');
  cpSync(EMBEDDED, join(models, 'mine'), { recursive: true });
  await addModels();
  const files = requests['library.files'].result.parse(await handlers['library.files']({}));
  const byName = new Map(files.map((card) => [card.name, card]));
  expect(byName.get('zebra')).toMatchObject({
    kind: 'adapter',
    triggerWords: ['zebra stripes'],
    problem: null,
  });
  expect(byName.get('inkwash_v3')).toMatchObject({ kind: 'adapter', family: 'SDXL', modelId: null });
  expect(byName.get('old')).toMatchObject({ kind: null, bytes: 2, problem: expect.stringMatching(/pickle/) });
  expect(byName.get('torn')).toMatchObject({ kind: null, problem: expect.stringMatching(/torn/) });
  const mine = byName.get('mine')!;
  expect(mine).toMatchObject({ kind: 'checkpoint', family: 'SD1.5' });
  expect(library.list().map(({ id }) => id)).toContain(mine.modelId);
});

test('adapters that fit the model come first, whatever they are called', async () => {
  await addModels();
  const cards = await handlers['library.adapters']({ modelId: 'embedded' });
  expect(cards.map(({ name, likely }) => [name, likely])).toEqual([
    ['zebra', 'fits'],
    ['inkwash_v3', 'other-family'],
  ]);
  await expect(handlers['library.adapters']({ modelId: 'nobody' })).rejects.toMatchObject({
    code: 'models/unknown',
  });
});

test('a file is read against the model: all, part, or nothing of it fits', async () => {
  const inspect = async (name: string) =>
    requests['library.inspect'].result.parse(
      await handlers['library.inspect']({ path: join(models, name), modelId: 'embedded' }),
    );
  expect((await inspect('zebra.safetensors')).fit).toMatchObject({
    verdict: 'fits',
    notice: null,
    unused: [],
  });
  expect((await inspect('inkwash_v3.safetensors')).fit).toMatchObject({
    verdict: 'none',
    usedKeys: 0,
    family: 'SDXL',
    notice: {
      message: 'inkwash_v3 is for SDXL and this model is SD1.5: 0 of 6 keys fit. The other adapters stay on.',
    },
  });
  await writeFittingLora(join(models, 'grain.safetensors'), EMBEDDED, {}, [['nowhere.attn2.to_k', 8, 8]]);
  const { fit } = await inspect('grain.safetensors');
  expect(fit).toMatchObject({ verdict: 'part', keys: fit!.usedKeys + 3 });
  expect(fit!.unused.map(({ key }) => key)).toContain('lora_unet_nowhere_attn2_to_k.alpha');
  expect(fit!.notice!.message).toContain(`${fit!.usedKeys} of ${fit!.keys} keys`);
  const missing = await inspect('nowhere.safetensors');
  expect(missing).toMatchObject({ fit: null, card: { kind: null, problem: expect.stringMatching(/./) } });
});

test('a drive that is not there is told of and keeps its cards; a folder that is forgotten takes them along', async () => {
  await addModels();
  renameSync(models, join(root, 'away'));
  await handlers['library.rescan']({});
  await settled();
  expect((await handlers['library.folders']({})).folders).toEqual([
    { path: models, present: false, files: 2 },
  ]);
  await handlers['library.remove-folder']({ path: models });
  await settled();
  expect(await handlers['library.files']({})).toEqual([]);
  expect(existsSync(join(root, 'away/zebra.safetensors'))).toBe(true);
  await expect(handlers['library.add-folder']({ path: models })).rejects.toMatchObject({
    code: 'library/no-folder',
  });
});

test('other programs’ folders are offered only where they are', async () => {
  mkdirSync(join(root, 'ComfyUI/models'), { recursive: true });
  expect(await knownFolders([root])).toEqual([{ program: 'ComfyUI', path: join(root, 'ComfyUI/models') }]);
});
