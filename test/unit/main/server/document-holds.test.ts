import { expect, test } from 'vitest';
import { createDocumentHolds } from '../../../../main/server/document-holds.ts';

/** Two pages, A and B, on one studio that has the document `fox` and answers everything else with what it was asked. */
function pages() {
  const linked = new Set(['A', 'B']);
  const asked: [unknown, unknown][] = [];
  const state = (id: string): object => ({
    id,
    path: `/documents/${id}.impasto`,
    readOnly: null,
    readOnlyCause: null,
  });
  const holds = createDocumentHolds(
    async (name, params) => {
      asked.push([name, params]);
      const { path = 'fox' } = params as { path?: string };
      if (name === 'files.import') return { ok: true, value: { state: state('imported'), losses: [] } };
      return { ok: true, value: /open|create|save-as/.test(String(name)) ? state(path) : {} };
    },
    (pageId) => linked.has(pageId),
  );
  const [a, b] = [holds.handleFor('A'), holds.handleFor('B')];
  const open = (page: typeof a, path = 'fox') => page('documents.open', { path });
  const commit = (page: typeof a, documentId = 'fox') => page('documents.commit', { documentId });
  return { a, b, open, commit, linked, asked };
}

const READ_ONLY = {
  ok: true,
  value: {
    readOnlyCause: 'open-elsewhere',
    readOnly: expect.stringMatching(
      /^fox\.impasto is open in another window since \d\d:\d\d\. You see it read-only; nothing can be overwritten\.$/,
    ),
  },
};
const WRITABLE = { ok: true, value: { readOnly: null } };
const REFUSED = { ok: false, error: { code: 'document/read-only' } };

test('text 6: a document that another page paints on is read-only, and what is written into it all the same is refused', async () => {
  const { a, b, open, commit, asked } = pages();
  expect(await open(a)).toMatchObject(WRITABLE);
  expect(await open(b)).toMatchObject(READ_ONLY);
  expect(await open(a)).toMatchObject(WRITABLE);
  expect(await commit(a)).toMatchObject({ ok: true });
  const before = asked.length;
  expect(await commit(b)).toMatchObject(REFUSED);
  expect(await b('documents.move-head', { documentId: 'fox', head: 0 })).toMatchObject(REFUSED);
  // Closing it there would take it away here.
  expect(await b('documents.close', { documentId: 'fox' })).toEqual({ ok: true, value: {} });
  expect(asked).toHaveLength(before);
  expect(await b('documents.read-layer', { documentId: 'fox' })).toMatchObject({ ok: true });
});

test('a page lets go of a document by closing it, by opening another, and by going away', async () => {
  const { a, b, open, commit, linked } = pages();
  await open(a);
  await a('documents.close', { documentId: 'fox' });
  expect(await open(b)).toMatchObject(WRITABLE);
  await open(b, 'hare');
  // A stroke that was on its way is written, and takes nothing back.
  expect(await commit(b)).toMatchObject({ ok: true });
  expect(await open(a)).toMatchObject(WRITABLE);
  linked.delete('A');
  expect(await open(b)).toMatchObject(WRITABLE);
  linked.add('A');
  expect(await commit(a)).toMatchObject(REFUSED);
});

test('a page whose link drops goes on where it was when nobody took the document meanwhile', async () => {
  const { a, b, open, commit, linked } = pages();
  await open(a);
  linked.delete('A');
  linked.add('A');
  expect(await commit(a)).toMatchObject({ ok: true });
  expect(await open(b)).toMatchObject(READ_ONLY);
});

test('a copy is written by the page that made it, and the document goes on for the other', async () => {
  const { a, b, open, commit, asked } = pages();
  await open(a);
  await open(b);
  expect(await b('documents.save-as', { documentId: 'fox', path: 'copy' })).toMatchObject(WRITABLE);
  expect(asked.at(-1)).toEqual(['documents.save-as', { documentId: 'fox', path: 'copy', leaveOpen: true }]);
  expect(await commit(b, 'copy')).toMatchObject({ ok: true });
  expect(await commit(a)).toMatchObject({ ok: true });
  await a('documents.save-as', { documentId: 'fox', path: 'own copy' });
  expect(asked.at(-1)).toEqual(['documents.save-as', { documentId: 'fox', path: 'own copy' }]);
  expect(await a('files.import', { name: 'x.psd' })).toMatchObject({
    ok: true,
    value: { state: { readOnly: null } },
  });
});
