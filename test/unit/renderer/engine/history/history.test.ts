import { describe, expect, it } from 'vitest';
import type { Change } from '../../../../../renderer/engine/changes.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { History } from '../../../../../renderer/engine/history/history.ts';
import type { HistoryEntry, HistoryStore } from '../../../../../renderer/engine/history/history-store.ts';
import { BLEND_MODES } from '../../../../../renderer/engine/layers/blend-mode.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { seeded } from '../compositor/random-document.ts';
import { fingerprint } from '../fingerprint.ts';

const tiles = new Map<number, Uint8Array>();

/** A flat tile; made once, since tiles never change. */
function tile(value: number): Uint8Array {
  const kept = tiles.get(value) ?? new Uint8Array(262144).fill(value);
  tiles.set(value, kept);
  return kept;
}

const paint = (layerId: string, value: number, x = 0, y = 0): Change => ({
  type: 'tiles',
  layerId,
  tiles: [{ x, y, data: tile(value) }],
});

function start(): { document: PaintDocument; history: History } {
  const document = new PaintDocument(1000, 1000, [layerRecord({ id: 'a' })]);
  return { document, history: new History(document) };
}

/** A change that fits the document as it is. */
function randomChange(document: PaintDocument, random: () => number, next: () => string): Change {
  const ids = [...document.layers.all()].map((layer) => layer.record.id);
  const pick = ids[Math.floor(random() * ids.length)];
  const groups = [null, ...ids.filter((id) => document.layers.get(id).record.kind === 'group')];
  const parent = groups[Math.floor(random() * groups.length)]!;
  const kind = random();
  if (pick === undefined || (kind < 0.15 && ids.length < 20)) {
    const layer = layerRecord({ id: next(), kind: random() < 0.4 ? 'group' : 'paint' });
    return {
      type: 'layer-add',
      layer,
      parent,
      index: Math.floor(random() * (document.layers.childrenOf(parent).length + 1)),
    };
  }
  if (kind < 0.22) return { type: 'layer-remove', layerId: pick };
  if (kind < 0.35 && (parent === null || !document.layers.isWithin(parent, pick))) {
    const others = document.layers.childrenOf(parent).filter((id) => id !== pick).length;
    return { type: 'layer-move', layerId: pick, parent, index: Math.floor(random() * (others + 1)) };
  }
  if (kind < 0.5) {
    const blend = BLEND_MODES[Math.floor(random() * BLEND_MODES.length)]!;
    return {
      type: 'layer-props',
      layerId: pick,
      props: { opacity: random(), blend, name: `n${Math.floor(random() * 99)}`, clipped: random() < 0.5 },
    };
  }
  if (kind < 0.53)
    return { type: 'canvas', width: 1 + Math.floor(random() * 900), height: 1 + Math.floor(random() * 900) };
  if (document.layers.get(pick).record.kind === 'group')
    return { type: 'layer-props', layerId: pick, props: { visible: random() < 0.5 } };
  const tiles = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
    x: Math.floor(random() * 3) - 1,
    y: Math.floor(random() * 2),
    data: random() < 0.2 ? null : tile(Math.floor(random() * 256)),
  }));
  return { type: 'tiles', layerId: pick, tiles };
}

/** A journal that keeps every step. */
class KeptJournal implements HistoryStore {
  readonly entries: HistoryEntry[] = [];
  asked = 0;

  changesBetween(from: number, to: number): Promise<Change[]> {
    this.asked += 1;
    const between = this.entries.filter(({ seq }) => seq > Math.min(from, to) && seq <= Math.max(from, to));
    return Promise.resolve(
      from < to
        ? between.flatMap(({ after }) => after)
        : between.toReversed().flatMap(({ before }) => before),
    );
  }
}

describe('history', () => {
  it.each([
    { where: 'in memory', budgetBytes: 512 * 1024 * 1024 },
    { where: 'mostly in the journal, memory within its budget', budgetBytes: 16 * 1024 * 1024 },
  ])(
    'walks 10,000 random operations back and forth through identical states, $where',
    async ({ budgetBytes }) => {
      const random = seeded(2026);
      const document = new PaintDocument(600, 400);
      const journal = new KeptJournal();
      const history = new History(document, { budgetBytes, store: journal });
      let most = 0;
      history.subscribe((event) => {
        if (event.type === 'commit') journal.entries.push(event.entry);
        most = Math.max(most, history.residentBytes);
      });
      let count = 0;
      let operations = 0;
      const prints = [fingerprint(document)];
      for (let step = 0; operations < 10_000; step++) {
        const transaction = history.begin(`step ${step}`);
        for (let i = 0; i < 1 + random() * 3; i++, operations++)
          transaction.apply([randomChange(document, random, () => `layer-${count++}`)]);
        if (random() < 0.15) {
          transaction.abort();
          expect(fingerprint(document)).toBe(prints.at(-1));
        } else {
          transaction.commit();
          prints.push(fingerprint(document));
        }
      }
      expect(history.steps.length).toBe(prints.length - 1);
      for (let i = prints.length - 2; i >= 0; i--) {
        expect(await history.undo()).toBe(true);
        expect(fingerprint(document), `undo to ${i}`).toBe(prints[i]);
      }
      expect(await history.undo()).toBe(false);
      for (let i = 1; i < prints.length; i++) {
        expect(await history.redo()).toBe(true);
        expect(fingerprint(document), `redo to ${i}`).toBe(prints[i]);
      }
      expect(await history.redo()).toBe(false);
      for (let i = 0; i < 30; i++) {
        const at = Math.floor(random() * prints.length);
        await history.moveTo(history.steps[at - 1]?.seq ?? 0);
        expect(fingerprint(document)).toBe(prints[at]);
      }
      expect(most).toBeGreaterThan(8 * 1024 * 1024);
      expect(most).toBeLessThanOrEqual(budgetBytes);
      expect(journal.asked > 0).toBe(budgetBytes < 64 * 1024 * 1024);
    },
  );

  it('drops what was undone when something new is done, and numbers steps upward', async () => {
    const { document, history } = start();
    history.record('one', [paint('a', 1)]);
    history.record('two', [paint('a', 2)]);
    await history.undo();
    history.record('three', [paint('a', 3)]);
    expect(history.steps).toEqual([
      { seq: 1, label: 'one' },
      { seq: 3, label: 'three' },
    ]);
    expect(history.canRedo).toBe(false);
    await history.undo();
    expect(document.layers.get('a').tiles.get(0, 0)![0]).toBe(1);
  });

  it('undoes at once when the pixels are in memory: nothing is awaited first', () => {
    const { document, history } = start();
    history.record('one', [paint('a', 1)]);
    void history.undo();
    expect(document.layers.get('a').tiles.size).toBe(0);
  });

  it('leaves no step for a transaction that changed nothing, and one tile once for many writes', () => {
    const { document, history } = start();
    history.begin('nothing').commit();
    expect(history.steps).toEqual([]);
    const transaction = history.begin('much');
    for (let i = 1; i < 50; i++) transaction.apply([paint('a', i)]);
    let entry: HistoryEntry | null = null;
    history.subscribe((event) => {
      if (event.type === 'commit') entry = event.entry;
    });
    transaction.commit();
    expect(entry!.after).toEqual([paint('a', 49)]);
    expect(entry!.before).toEqual([{ type: 'tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: null }] }]);
    expect(history.residentBytes).toBe(262144);
    expect(document.layers.get('a').tiles.get(0, 0)![0]).toBe(49);
  });

  it('allows one open step at a time, and none while history moves', async () => {
    const { history } = start();
    history.record('one', [paint('a', 1)]);
    const open = history.begin('open');
    expect(() => history.begin('second')).toThrowError(expect.objectContaining({ code: 'transaction-open' }));
    await expect(history.undo()).rejects.toMatchObject({ code: 'transaction-open' });
    open.abort();
    expect(() => open.apply([])).toThrowError(expect.objectContaining({ code: 'transaction-closed' }));
    expect(() => history.record('bad', [paint('nowhere', 1)])).toThrowError(
      expect.objectContaining({ code: 'unknown-layer' }),
    );
    expect(history.steps.length).toBe(1);
    await history.undo();
  });

  it('lets a step that waits long give way to another', () => {
    const { history, document } = start();
    const waiting = history.begin('waiting', () => waiting.commit());
    waiting.apply([paint('a', 1)]);
    history.record('next', [paint('a', 2)]);
    expect(history.steps.map(({ label }) => label)).toEqual(['waiting', 'next']);
    const stubborn = history.begin('stubborn', () => undefined);
    expect(() => history.begin('other')).toThrowError(expect.objectContaining({ code: 'transaction-open' }));
    stubborn.abort();
    expect(() => history.begin('other').abort()).not.toThrow();
    expect(document.layers.get('a').tiles.size).toBe(1);
  });

  it('without a store forgets the oldest steps beyond its budget', async () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    const history = new History(document, { budgetBytes: 3 * 262144 });
    for (let i = 1; i <= 10; i++) history.record(`s${i}`, [paint('a', i)]);
    expect(history.residentBytes).toBeLessThanOrEqual(3 * 262144);
    expect(history.steps.map((step) => step.seq)).toEqual([9, 10]);
    expect(await history.undo()).toBe(true);
    expect(await history.undo()).toBe(true);
    expect(await history.undo()).toBe(false);
    expect(document.layers.get('a').tiles.get(0, 0)![0]).toBe(8);
    expect(history.head).toBe(8);
    expect(await history.redo()).toBe(true);
    expect(history.head).toBe(9);
  });

  it('with a store keeps every step and asks for the pixels that memory has dropped', async () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    const journal = new Map<number, HistoryEntry>();
    const asked: string[] = [];
    const history = new History(document, {
      budgetBytes: 2 * 262144,
      store: {
        changesBetween: (from, to) => {
          asked.push(`${from}>${to}`);
          return Promise.resolve(to < from ? journal.get(from)!.before : journal.get(to)!.after);
        },
      },
    });
    history.subscribe((event) => {
      if (event.type === 'commit') journal.set(event.entry.seq, event.entry);
    });
    for (let i = 1; i <= 8; i++) history.record(`s${i}`, [paint('a', i)]);
    expect(history.steps.length).toBe(8);
    await history.moveTo(0);
    expect(document.layers.get('a').tiles.size).toBe(0);
    expect(asked).toEqual(['7>6', '6>5', '5>4', '4>3', '3>2', '2>1', '1>0']);
    await history.moveTo(5);
    expect(document.layers.get('a').tiles.get(0, 0)![0]).toBe(5);
  });

  it('opens with the steps of a journal and walks them', async () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    document.apply([paint('a', 2)]);
    const steps = [
      { seq: 4, label: 'x' },
      { seq: 6, label: 'y' },
      { seq: 9, label: 'undone' },
    ];
    const history = new History(document, {
      steps,
      head: 6,
      store: { changesBetween: (_, to) => Promise.resolve([paint('a', to)]) },
    });
    expect([history.head, history.canUndo, history.canRedo]).toEqual([6, true, true]);
    await history.undo();
    expect([history.head, document.layers.get('a').tiles.get(0, 0)![0]]).toEqual([4, 4]);
    history.record('new', [paint('a', 7)]);
    expect(history.steps.map((step) => step.seq)).toEqual([4, 10]);
  });

  it('paint that lands while the store is asked stays: the walk that began before it is called off', async () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    const answer = Promise.withResolvers<Change[]>();
    const steps = [
      { seq: 1, label: 'x' },
      { seq: 2, label: 'y' },
    ];
    const history = new History(document, { steps, store: { changesBetween: () => answer.promise } });
    const undone = history.undo();
    history.record('meanwhile', [paint('a', 7)]);
    answer.resolve([paint('a', 1)]);
    await expect(undone).rejects.toMatchObject({ code: 'history-unavailable' });
    expect([history.head, document.layers.get('a').tiles.get(0, 0)![0]]).toEqual([3, 7]);
  });

  it('says so and changes nothing when the store fails', async () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    const store = { changesBetween: () => Promise.reject(new Error('disk')) };
    const history = new History(document, { steps: [{ seq: 1, label: 'x' }], store });
    const before = fingerprint(document);
    await expect(history.undo()).rejects.toMatchObject({ code: 'history-unavailable' });
    await expect(history.moveTo(77)).rejects.toMatchObject({ code: 'history-unavailable' });
    expect([history.head, fingerprint(document)]).toEqual([1, before]);
  });
});
