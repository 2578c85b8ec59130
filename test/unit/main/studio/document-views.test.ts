import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDocument } from '../../../../main/documents/document.ts';
import { createDocumentService } from '../../../../main/documents/document-service.ts';
import { createDocumentViews } from '../../../../main/studio/document-views.ts';
import type { Envelope } from '../../../../preload/contract/index.ts';
import { tile } from '../../../fixtures/document-parts.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';

const GRACE = 1000;
const root = scratchFolder();

/** Pages that share documents of a studio that has the answers to nothing else; time stands still until it is told. */
function studio() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const rested: string[] = [];
  const views = createDocumentViews(async (id) => void rested.push(id), GRACE);
  const answers = new Map<unknown, Promise<Envelope<unknown>>>();
  const page = (id: string) =>
    views.follow(id, async (name, params) => {
      const { path } = params as { path?: string };
      const asked = answers.get(name);
      if (asked) return asked;
      if (name === 'files.import') return { ok: true, value: { state: { id: path }, losses: [] } };
      return { ok: true, value: path === undefined ? {} : { id: path } };
    });
  const open = (of: ReturnType<typeof page>, path: string) => of('documents.open', { path });
  const pass = (share: number): void => void vi.advanceTimersByTime(GRACE * share);
  return { views, page, open, pass, rested, answers };
}

test('a document rests when the last page that looked at it has been gone for a while', async () => {
  const { views, page, open, pass, rested } = studio();
  const [a, b] = [page('A'), page('B')];
  await open(a, 'fox');
  await open(b, 'fox');
  pass(5);
  views.left('A');
  pass(5);
  expect(rested).toEqual([]);
  // Reloaded in time.
  views.left('B');
  pass(0.9);
  views.back('B');
  pass(5);
  expect(rested).toEqual([]);
  views.left('B');
  pass(2.1);
  expect(rested).toEqual(['fox']);
});

test('a page looks at what it opened last, made, copied or imported, until it closes that', async () => {
  const { page, open, pass, rested } = studio();
  const a = page('A');
  await open(a, 'fox');
  await a('documents.create', { path: 'hare' });
  pass(1.1);
  expect(rested).toEqual(['fox']);
  await a('documents.save-as', { documentId: 'hare', path: 'copy' });
  await a('files.import', { path: 'photo' });
  pass(1.1);
  expect(rested.toSorted()).toEqual(['copy', 'fox', 'hare']);
  await a('documents.close', { documentId: 'photo' });
  pass(1.1);
  expect(rested.at(-1)).toBe('photo');
});

test('a document that a job works on stays, and a late stroke does not keep it for ever', async () => {
  const { views, page, open, pass, rested, answers } = studio();
  const a = page('A');
  await open(a, 'fox');
  let finish = (_envelope: Envelope<unknown>): void => {};
  answers.set('files.export', new Promise((resolve) => (finish = resolve)));
  const exported = a('files.export', { documentId: 'fox' });
  views.left('A');
  pass(10);
  expect(rested).toEqual([]);
  finish({ ok: true, value: {} });
  await exported;
  pass(0.9);
  await a('documents.commit', { documentId: 'fox' });
  pass(0.9);
  expect(rested).toEqual([]);
  pass(0.2);
  expect(rested).toEqual(['fox']);
});

/** Files in a folder that this process has open, where the system tells. */
function openFiles(folder: string): number {
  return readdirSync('/proc/self/fd').filter((entry) => {
    try {
      return readlinkSync(join('/proc/self/fd', entry)).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}

test.skipIf(process.platform !== 'linux')(
  'eighty documents that were opened one after the other hold the files of one (needs /proc)',
  async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const folder = join(root, 'many');
    const service = createDocumentService({ folder, anywhere: false });
    onTestFinished(() => service.dispose());
    const views = createDocumentViews(async (id) => service.rest(id), GRACE);
    const page = views.follow('A', async (name, params) => ({
      ok: true,
      value:
        name === 'documents.create'
          ? service.create(params as Parameters<typeof service.create>[0])
          : service.open(params as Parameters<typeof service.open>[0]),
    }));
    const make = async (name: string) => {
      const answer = await page('documents.create', { name, width: 16, height: 16 });
      await vi.advanceTimersByTimeAsync(GRACE * 1.1);
      return (answer as { value: ReturnType<typeof service.create> }).value;
    };
    const first = await make('first');
    const ofOne = openFiles(folder);
    expect(ofOne).toBeGreaterThan(0);
    for (let i = 0; i < 79; i++) await make(`number ${i}`);
    expect(openFiles(folder)).toBe(ofOne);

    // Whoever asks for one that rests finds it under its id, and as it was.
    const layerId = first.layers.at(-1)?.id ?? '';
    const changes = [{ type: 'tiles' as const, layerId, tiles: [{ x: 0, y: 0, data: tile(7) }] }];
    service.commit({ documentId: first.id, label: 'Late', changes });
    service.rest(first.id);
    expect(service.open({ path: first.path })).toMatchObject({ id: first.id, head: 1 });
    service.rest(first.id);
    // Closing one that rests opens nothing.
    expect(openFiles(folder)).toBe(ofOne);
    service.close({ documentId: first.id });
    expect(() => service.readNotes({ documentId: first.id })).toThrow('not open');
  },
);

test('a document that another program changed while it rested is opened anew, not written over', () => {
  const folder = join(root, 'changed');
  const service = createDocumentService({ folder, anywhere: false });
  onTestFinished(() => service.dispose());
  const { id, path, layers } = service.create({ name: 'fox', width: 16, height: 16 });
  service.rest(id);
  const other = openDocument(path);
  other.commit('Theirs', [{ type: 'layer-props', layerId: layers[0]?.id ?? '', props: { opacity: 0.5 } }]);
  other.close();
  expect(() => service.addSavePoint({ documentId: id, name: 'Mine' })).toThrow(
    expect.objectContaining({ code: 'document/not-open' }),
  );
  const again = service.open({ path });
  expect(again.id).not.toBe(id);
  expect(again.history.map(({ label }) => label)).toEqual(['Theirs']);
  service.rest(again.id);
  rmSync(path);
  expect(() => service.readNotes({ documentId: again.id })).toThrow(
    expect.objectContaining({ code: 'document/not-found' }),
  );
});
