import { describe, expect, test } from 'vitest';
import type { DocumentState, RequestName } from '../../../../preload/contract/index.ts';
import { StudioError } from '../../../../preload/contract/index.ts';
import { PaintDocument } from '../../../../renderer/engine/document.ts';
import { History } from '../../../../renderer/engine/history/history.ts';
import { layerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import type { SaveState } from '../../../../renderer/state/document/document-store.ts';
import { Journal } from '../../../../renderer/state/document/journal.ts';
import type { StudioLink } from '../../../../renderer/state/studio-link.ts';

interface Call {
  readonly name: RequestName;
  readonly params: Record<string, unknown>;
}

/** A studio that numbers steps as the real one may: with gaps, and never as the page does. */
function fakeStudio(): {
  link: StudioLink;
  calls: Call[];
  fail: { next: StudioError | null; on?: RequestName };
  file: { floor: number };
} {
  const file = { floor: 0 };
  const calls: Call[] = [];
  const fail: { next: StudioError | null; on?: RequestName } = { next: null };
  let seq = 100;
  const link = {
    async request(name: RequestName, params: Record<string, unknown>) {
      await Promise.resolve();
      if (fail.next && (fail.on ?? name) === name) {
        const failure = fail.next;
        fail.next = null;
        throw failure;
      }
      calls.push({ name, params });
      seq += 3;
      return name === 'documents.commit'
        ? { step: { seq, label: '', time: 0 }, floor: file.floor }
        : { head: params['head'], changes: [] };
    },
    subscribe: () => () => undefined,
    dialogs: null,
  } as unknown as StudioLink;
  return { link, calls, fail, file };
}

function setUp() {
  const studio = fakeStudio();
  const states: SaveState[] = [];
  const troubles: StudioError[] = [];
  const thinned: number[] = [];
  const reopened: DocumentState[] = [];
  const journal = new Journal({
    link: studio.link,
    state: { id: 'doc', head: 0, floor: 0 },
    onThinned: (seq) => thinned.push(seq),
    reopen: async () => reopened.shift()!,
    onState: (state) => states.push(state),
    onTrouble: (error) => troubles.push(error),
  });
  const document = new PaintDocument(10, 10, [layerRecord({ id: 'a', name: 'A' })]);
  const history = new History(document, { store: journal });
  history.subscribe((event) =>
    event.type === 'commit' ? journal.commit(event.entry) : journal.moveHead(event.head),
  );
  const rename = (name: string): void =>
    history.record(`Name ${name}`, [{ type: 'layer-props', layerId: 'a', props: { name } }]);
  return { ...studio, states, troubles, thinned, reopened, journal, history, rename };
}

describe('the journal', () => {
  test('carries steps in order and says when all are on disk', async () => {
    const { calls, states, journal, rename } = setUp();
    rename('B');
    rename('C');
    expect(journal.waiting).toBe(2);
    await journal.settled();
    expect(calls.map((call) => call.params['label'])).toEqual(['Name B', 'Name C']);
    expect(states.at(-1)).toMatchObject({ kind: 'saved' });
  });

  test('sends a step that is too large for one message in parts, anew when the studio lost them', async () => {
    const { calls, fail, journal, history } = setUp();
    const data = (value: number): Uint8Array => new Uint8Array(4 * 65_536).fill(value);
    const tiles = Array.from({ length: 300 }, (_, x) => ({ x, y: 0, data: data(x) }));
    history.record('Gradient', [{ type: 'tiles', layerId: 'a', tiles }]);
    await journal.settled();
    expect(calls.map(({ name, params }) => [name, params['part'] ?? params['parts']])).toEqual([
      ['documents.stage-part', 0],
      ['documents.commit', 1],
    ]);
    calls.length = 0;
    fail.next = new StudioError('document/parts-missing', 'Lost.', 'Again.');
    fail.on = 'documents.commit';
    history.record('Again', [
      { type: 'tiles', layerId: 'a', tiles: tiles.map((tile) => ({ ...tile, y: 1 })) },
    ]);
    await expect.poll(() => journal.waiting).toBe(0);
    expect(calls.map(({ params }) => params['part'] ?? params['parts'])).toEqual([0, 0, 1]);
  });

  test('moves the head by the file’s own numbers', async () => {
    const { calls, journal, history, rename } = setUp();
    rename('B');
    rename('C');
    await history.undo();
    await history.undo();
    await journal.settled();
    expect(calls.slice(2).map((call) => [call.name, call.params['head']])).toEqual([
      ['documents.move-head', 103],
      ['documents.move-head', 0],
    ]);
  });

  test('keeps a step that could not be written, and everything behind it, in order', async () => {
    const { calls, fail, states, troubles, journal, rename } = setUp();
    fail.next = new StudioError('document/disk-full', 'The disk is full.', 'Free some.');
    rename('B');
    rename('C');
    await expect.poll(() => troubles.length).toBe(1);
    expect(states.at(-1)).toMatchObject({ kind: 'held', waiting: 2 });
    expect(calls).toHaveLength(0);
    journal.retry();
    await journal.settled();
    expect(calls.map((call) => call.params['label'])).toEqual(['Name B', 'Name C']);
  });

  test('opens the file again in a restarted studio, and does not repeat a step whose answer was lost', async () => {
    const { calls, fail, journal, rename, reopened } = setUp();
    rename('B');
    await journal.settled();
    const state = (id: string, labels: string[]): DocumentState => ({
      id,
      name: '',
      path: '',
      width: 10,
      height: 10,
      depth: 8,
      colourSpace: 'srgb',
      profile: null,
      resolution: null,
      layers: [],
      readOnly: null,
      readOnlyCause: null,
      notices: [],
      floor: 0,
      savePoints: [],
      history: labels.map((label, index) => ({ seq: 103 + index, label, time: 0 })),
      head: 102 + labels.length,
    });
    fail.next = new StudioError('link/studio-restarted', 'The studio was restarted.', '');
    reopened.push(state('second', ['Name B', 'Name C']));
    rename('C');
    await journal.settled();
    expect(calls.map((call) => call.params['label'])).toEqual(['Name B']);

    fail.next = new StudioError('document/not-open', 'Not open.', '');
    reopened.push(state('third', ['Name B', 'Name C']));
    rename('D');
    await journal.settled();
    expect(calls.map((call) => [call.params['documentId'], call.params['label']])).toEqual([
      ['doc', 'Name B'],
      ['third', 'Name D'],
    ]);
  });

  test('keeps what a full disk refuses, and writes it into the copy that the document goes on in', async () => {
    const { calls, fail, states, troubles, journal, rename } = setUp();
    rename('B');
    await journal.settled();
    fail.next = new StudioError('document/disk-full', 'The disk is full.', '');
    rename('C');
    rename('D');
    await expect.poll(() => states.at(-1)).toMatchObject({ kind: 'held', waiting: 2 });
    expect(troubles.map(({ code }) => code)).toEqual(['document/disk-full']);
    journal.goOnIn('copy');
    await journal.settled();
    expect(calls.map((call) => [call.params['documentId'], call.params['label']])).toEqual([
      ['doc', 'Name B'],
      ['copy', 'Name C'],
      ['copy', 'Name D'],
    ]);
  });

  test('tells the page which of its own steps the file has thinned out', async () => {
    const { file, thinned, journal, history, rename } = setUp();
    for (const name of ['B', 'C', 'D']) rename(name);
    await journal.settled();
    // The page's first two steps are 103 and 106 in the file.
    file.floor = 106;
    rename('E');
    await journal.settled();
    expect(thinned).toEqual([2]);
    history.forget(2);
    expect(history.steps.map(({ seq }) => seq)).toEqual([3, 4]);
    await history.moveTo(history.base);
    expect(history.head).toBe(2);
    expect(history.canUndo).toBe(false);
  });
});
