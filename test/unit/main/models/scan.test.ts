import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type LibraryNotice,
  type ModelLibrary,
  openModelLibrary,
} from '../../../../main/models/model-library.ts';
import { readSidecar } from '../../../../main/models/read-sidecar.ts';
import { writeSafetensors } from '../../../fixtures/write-safetensors.ts';

const EMBEDDED = join(import.meta.dirname, '../../../../native-models/embedded/model');

let root: string;
let models: string;
let library: ModelLibrary;
let notices: LibraryNotice[];
const open = (): ModelLibrary =>
  openModelLibrary({
    dataFolder: join(root, 'data'),
    embeddedModelFolder: EMBEDDED,
    notice: (notice) => notices.push(notice),
  });
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'impasto-scan-'));
  models = join(root, 'models');
  mkdirSync(models);
  notices = [];
  library = open();
});
afterEach(() => {
  library.close();
  rmSync(root, { recursive: true });
});

function zeros(shape: readonly number[]) {
  const bytes = () => new Uint8Array(2 * shape.reduce((a, b) => a * b, 1));
  return { dtype: 'F16' as const, shape, bytes };
}

/** A small LoRA in kohya's layout for a model that reads text of that width. */
function writeLora(path: string, textWidth: number, metadata: Record<string, string> = {}): void {
  mkdirSync(dirname(path), { recursive: true });
  const layer = 'lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k';
  writeSafetensors(
    path,
    [
      [`${layer}.lora_down.weight`, zeros([4, textWidth])],
      [`${layer}.lora_up.weight`, zeros([640, 4])],
      [`${layer}.alpha`, zeros([])],
    ],
    metadata,
  );
}
const copyModel = (path: string): void => cpSync(EMBEDDED, path, { recursive: true });

test('finds checkpoints and adapters wherever they lie, and reads them once', async () => {
  copyModel(join(models, 'sd15/mine'));
  writeLora(join(models, 'loras/ink.safetensors'), 768, {
    'modelspec.title': 'Ink wash',
    ss_tag_frequency: '{"10_ink":{"inkwash":10,"paper":3}}',
  });
  writeLora(join(models, 'loras/deep/er/xl.SAFETENSORS'), 2048);
  writeFileSync(join(models, 'readme.txt'), 'nothing');
  mkdirSync(join(models, '.hidden'));
  writeLora(join(models, '.hidden/no.safetensors'), 768);
  await library.addFolder(models);
  const seen: string[] = [];
  const report = await library.scan((_found, path) => seen.push(path));
  expect(report).toEqual({ found: 3, read: 3, gone: [], missingFolders: [] });
  expect(seen).toHaveLength(3);
  expect(library.list().map(({ name }) => name)).toEqual(['Embedded painter', 'mine']);
  expect(library.adapters()).toMatchObject([
    { name: 'xl', family: 'SDXL', triggerWords: [] },
    {
      name: 'Ink wash',
      family: 'SD 1.x',
      triggerWords: ['inkwash', 'paper'],
      details: ['A LoRA on 1 layer.'],
    },
  ]);
  expect(library.findAdapter('INK')).toBe(join(models, 'loras/ink.safetensors'));
  expect(library.findAdapter('ink wash')).toBe(join(models, 'loras/ink.safetensors'));
  expect(library.findAdapter('nobody')).toBeNull();
  library.close();
  library = open();
  expect(library.folders()).toEqual([models]);
  expect(await library.scan()).toMatchObject({ found: 3, read: 0 });
  expect(library.adapters()).toHaveLength(2);
});

test('notices what changed, moved and went', async () => {
  copyModel(join(models, 'a'));
  writeLora(join(models, 'one.safetensors'), 768);
  await library.addFolder(models);
  await library.scan();
  const id = library.list()[1]!.id;
  renameSync(join(models, 'a'), join(models, 'b'));
  writeLora(join(models, 'one.safetensors'), 2048);
  const report = await library.scan();
  expect(report).toMatchObject({ found: 2, read: 2, gone: [join(models, 'a')] });
  expect(library.list()[1]).toMatchObject({ id, name: 'b' });
  expect(library.adapters()).toMatchObject([{ family: 'SDXL' }]);
  rmSync(join(models, 'b'), { recursive: true });
  rmSync(join(models, 'one.safetensors'));
  expect((await library.scan()).gone).toHaveLength(2);
  expect(library.list()).toHaveLength(1);
  expect(library.adapters()).toEqual([]);
  // Taken away on purpose, so nobody is told.
  expect(notices).toEqual([]);
});

test('a drive that is not there loses nothing, and one file that is broken hides no other', async () => {
  writeLora(join(models, 'one.safetensors'), 768);
  writeFileSync(join(models, 'broken.safetensors'), 'PK');
  await library.addFolder(models);
  await library.scan();
  expect(library.adapters()).toHaveLength(1);
  renameSync(models, join(root, 'elsewhere'));
  expect(await library.scan()).toEqual({ found: 0, read: 0, gone: [], missingFolders: [models] });
  expect(library.adapters()).toHaveLength(1);
  renameSync(join(root, 'elsewhere'), models);
  expect(await library.scan()).toMatchObject({ found: 2, read: 0, missingFolders: [] });
});

test('a folder that is forgotten takes what was found in it along, and leaves the files', async () => {
  copyModel(join(models, 'a'));
  writeLora(join(models, 'one.safetensors'), 768);
  await library.addFolder(models);
  await library.scan();
  library.removeFolder(models);
  expect([library.list().length, library.adapters().length, library.folders().length]).toEqual([1, 0, 0]);
  expect(readdirSync(models).toSorted((x, y) => (x < y ? -1 : 1))).toEqual(['a', 'one.safetensors']);
  await expect(library.addFolder(join(root, 'nowhere'))).rejects.toMatchObject({
    code: 'models/file-missing',
  });
});

test('a link that leads back up does not go round for ever', async () => {
  writeLora(join(models, 'deep/one.safetensors'), 768);
  symlinkSync(models, join(models, 'deep/again'));
  symlinkSync(join(models, 'gone'), join(models, 'dangling'));
  await library.addFolder(models);
  expect(await library.scan()).toMatchObject({ found: 1, read: 1 });
});

test('closing ends a scan early and quietly', async () => {
  for (let i = 0; i < 20; i++) writeLora(join(models, `${i}/one.safetensors`), 768);
  await library.addFolder(models);
  const report = await library.scan((found) => {
    if (found === 3) library.close();
  });
  expect(report).toMatchObject({ found: 3, read: 3 });
  library = open();
  expect(library.adapters()).toHaveLength(3);
  expect(await library.scan()).toMatchObject({ found: 20, read: 17 });
});

test('two scans at a time are one', async () => {
  writeLora(join(models, 'one.safetensors'), 768);
  await library.addFolder(models);
  const [first, second] = await Promise.all([library.scan(), library.scan()]);
  expect(second).toBe(first);
});

test.each([
  [
    'civitai.info',
    {
      model: { name: 'Ink' },
      trainedWords: ['ink wash, paper', 'ink wash'],
      description: '<p>By <b>hand</b></p>',
    },
    'Ink',
    'By hand',
  ],
  [
    'cm-info.json',
    { ModelName: 'Ink', TrainedWords: ['ink wash', 'paper'], ModelDescription: 'By hand' },
    'Ink',
    'By hand',
  ],
  ['json', { 'activation text': 'ink wash, paper', notes: 'By hand' }, null, 'By hand'],
])('reads what another program keeps in NAME.%s', async (ending, content, title, notes) => {
  writeLora(join(models, 'one.safetensors'), 768);
  writeFileSync(join(models, `one.${ending}`), JSON.stringify(content));
  expect(await readSidecar(join(models, 'one.safetensors'))).toEqual({
    title,
    triggerWords: ['ink wash', 'paper'],
    notes,
  });
});

test.each(['{', '[]', '7', '{"a": 1}', '{"trainedWords": 7}', '{"activation text": {}}'])(
  'passes over what it cannot read: %s',
  async (content) => {
    writeFileSync(join(models, 'one.json'), content);
    expect(await readSidecar(join(models, 'one.safetensors'))).toBeNull();
  },
);
