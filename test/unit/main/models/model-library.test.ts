import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { embeddedVocabulary } from '../../../../main/models/embedded-model.ts';
import {
  type LibraryNotice,
  type ModelLibrary,
  openModelLibrary,
} from '../../../../main/models/model-library.ts';
import type { ModelCard } from '../../../../preload/contract/index.ts';

const EMBEDDED = join(import.meta.dirname, '../../../../native-models/embedded');

let folder: string;
let library: ModelLibrary;
let notices: LibraryNotice[];
const open = (): ModelLibrary =>
  openModelLibrary({
    dataFolder: join(folder, 'data'),
    embeddedModelFolder: join(EMBEDDED, 'model'),
    notice: (notice) => notices.push(notice),
  });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-library-'));
  notices = [];
  library = open();
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

/** The user's own copy of a small model. */
function userModel(name: string): string {
  const path = join(folder, name);
  cpSync(join(EMBEDDED, 'model'), path, { recursive: true });
  return path;
}

test('the model that ships is there at once, with its words', () => {
  const [card] = library.list();
  expect(card).toMatchObject({ id: 'embedded', embedded: true, nativeWidth: 256, sizeMultiple: 64 });
  expect(Object.values(card?.words ?? {}).flat()).toContain('lighthouse');
  expect(embeddedVocabulary()).toEqual(expect.arrayContaining(['lighthouse', 'crimson']));
});

test('the ControlNet beside the model that ships is on its card, and on no other', async () => {
  const model = userModel('shipped/model');
  mkdirSync(join(folder, 'shipped/scribble'));
  const card = (): ModelCard | undefined => {
    const options = { dataFolder: join(folder, 'other'), embeddedModelFolder: model, notice: () => {} };
    const other = openModelLibrary(options);
    const [first] = other.list();
    other.close();
    return first;
  };
  expect(card()?.controls).toEqual([]);
  writeFileSync(join(folder, 'shipped/scribble/config.json'), '{}');
  expect(card()?.controls).toMatchObject([{ path: join(folder, 'shipped/scribble') }]);
  expect((await library.open(model)).controls).toBeUndefined();
});

test('its content hash is the hash of its list of checksums', async () => {
  const model = await library.get('embedded');
  const expected = createHash('sha256')
    .update(readFileSync(join(EMBEDDED, 'checksums.txt')))
    .digest('hex');
  expect(await model.sha256()).toBe(expected);
});

test('a model that the user opens is listed, found by its id, and remembered', async () => {
  const path = userModel('mine');
  const card = await library.open(path);
  expect(card).toMatchObject({ name: 'mine', embedded: false, words: null });
  expect(library.list().map(({ id }) => id)).toEqual(['embedded', card.id]);
  library.close();
  library = open();
  expect(library.list()[1]).toEqual(card);
  const model = await library.get(card.id);
  expect(model).toMatchObject({ path, kind: 'folder' });
  expect(await model.sha256()).toBe(await (await library.get('embedded')).sha256());
});

test('a moved model keeps its id; until it is shown again it is missed in plain words', async () => {
  const { id } = await library.open(userModel('a/mine'));
  mkdirSync(join(folder, 'b'));
  renameSync(join(folder, 'a/mine'), join(folder, 'b/renamed'));
  expect(library.list().map((card) => card.id)).toEqual(['embedded']);
  library.list();
  expect(notices).toHaveLength(1);
  expect(notices[0]?.message).toContain('mine is not in');
  await expect(library.get(id)).rejects.toMatchObject({ code: 'models/file-missing' });
  rmSync(join(folder, 'a'), { recursive: true });
  await expect(library.get(id)).rejects.toThrow(`The folder "${join(folder, 'a')}" is not there any more`);
  const again = await library.open(join(folder, 'b/renamed'));
  expect(again).toMatchObject({ id, name: 'renamed' });
  expect((await library.get(id)).path).toBe(join(folder, 'b/renamed'));
});

test('nothing is written beside a model', async () => {
  const path = userModel('mine');
  const before = readdirSync(path, { recursive: true }).map(String).toSorted();
  const { id } = await library.open(path);
  await (await library.get(id)).sha256();
  expect(readdirSync(path, { recursive: true }).map(String).toSorted()).toEqual(before);
  expect(readdirSync(folder).toSorted()).toEqual(['data', 'mine']);
});

test('what cannot be opened is refused and not remembered', async () => {
  await expect(library.open(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'file-missing' });
  await expect(library.get('nobody')).rejects.toMatchObject({ code: 'models/unknown' });
  await expect(library.hashFile(join(folder, 'lora.safetensors'))).rejects.toMatchObject({
    code: 'models/file-missing',
  });
  expect(library.list()).toHaveLength(1);
  expect(existsSync(join(folder, 'nothing'))).toBe(false);
});
