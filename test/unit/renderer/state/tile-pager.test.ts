import { createHash, randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createDocumentFile,
  openDocument,
  type StoredDocument,
} from '../../../../main/documents/document.ts';
import { flattenRows } from '../../../../main/documents/flatten.ts';
import { loadDocument } from '../../../../main/documents/load-document.ts';
import { StudioError } from '../../../../preload/contract/index.ts';
import { CpuCompositor } from '../../../../renderer/engine/compositor/cpu.ts';
import { LevelRenderer } from '../../../../renderer/engine/compositor/level-renderer.ts';
import { PaintDocument } from '../../../../renderer/engine/document.ts';
import { History } from '../../../../renderer/engine/history/history.ts';
import { layerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import { RGBA8 } from '../../../../renderer/engine/tiles/tile.ts';
import { layAway, layOut } from '../../../../renderer/state/document/lay-out.ts';
import { TilePager } from '../../../../renderer/state/document/tile-pager.ts';
import { useStatus } from '../../../../renderer/state/status-store.ts';
import type { StudioLink } from '../../../../renderer/state/studio-link.ts';
import { seeded } from '../engine/compositor/random-document.ts';
import { fingerprint } from '../engine/fingerprint.ts';
import { EDGE, randomOperation } from '../engine/random-operation.ts';

const folders: string[] = [];
const opened: StoredDocument[] = [];

function stored(edge: number): StoredDocument {
  const folder = mkdtempSync(join(tmpdir(), 'impasto-pager-'));
  folders.push(folder);
  const path = join(folder, 'paged.impasto');
  createDocumentFile(path, 'paged', edge, edge);
  const document = openDocument(path);
  opened.push(document);
  return document;
}

afterEach(() => {
  for (const document of opened.splice(0)) document.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The studio's side of it, answering from a file; counts what is read while nobody waits, and while the page stands still. */
function linkTo(file: StoredDocument) {
  const reads = { later: 0, now: 0 };
  let asked = 0;
  let answered = 0;
  const trouble: { now: StudioError | null } = { now: null };
  const link = {
    async request(name: string, params: { layerId: string; hashes: string[] }) {
      asked += 1;
      await sleep(1);
      answered += 1;
      if (name === 'documents.read-places') return file.readPlaces(params.layerId);
      reads.later += params.hashes.length;
      return file.readPixels(params.hashes);
    },
    readPixelsNow({ hashes }: { hashes: string[] }) {
      if (trouble.now) throw trouble.now;
      reads.now += hashes.length;
      return file.readPixels(hashes);
    },
  } as unknown as StudioLink;
  /** Resolves when all that was asked is answered, and nothing was asked for that. */
  const quiet = async (): Promise<void> => {
    for (let before = -1; before !== asked || asked !== answered;) {
      before = asked;
      await sleep(2);
    }
  };
  return { link, reads, trouble, quiet };
}

const still = (inFile: () => boolean = () => true) => ({
  id: 'paged',
  get inFile() {
    return inFile();
  },
  recover: () => Promise.resolve(),
});

/** Bytes of pixels in memory, packed or not. */
function held(document: PaintDocument): number {
  const tiles = new Set(
    [...document.layers.all()].flatMap(({ tiles: own, mask }) => [...own.stored(), ...mask.tiles.stored()]),
  );
  return [...tiles].reduce((sum, tile) => sum + tile.bytes, 0);
}

function seen(document: PaintDocument, compositor: CpuCompositor): string {
  const out = new Uint8Array(document.width * document.height * 4);
  compositor.render(document.canvas, out);
  return createHash('sha256').update(out).digest('hex');
}

/** A file with layers of noise, which packs to nothing. */
function noiseFile(edge: number, layers: number): StoredDocument {
  const file = stored(edge);
  const across = edge / 256;
  for (let number = 0; number < layers; number++) {
    const tiles = Array.from({ length: across * across }, (_, i) => ({
      x: i % across,
      y: Math.floor(i / across),
      data: randomFillSync(new Uint8Array(RGBA8.tileBytes)),
    }));
    file.commit('Noise', [
      {
        type: 'layer-add',
        layer: layerRecord({ id: `noise-${number}`, opacity: 0.7 }),
        parent: null,
        index: number + 2,
      },
      { type: 'tiles', layerId: `noise-${number}`, tiles },
    ]);
  }
  return file;
}

/** The file's document with all of its pixels away. */
async function openAway(file: StoredDocument, link: StudioLink, all: number) {
  const state = file.state();
  const document = new PaintDocument(state.width, state.height, state.layers, state);
  const pager = new TilePager(link, document, still(), () => ({ unpacked: all, all }));
  const places = await layOut(link, state, 1, undefined);
  if (!places) throw new Error('Everything would be read at once.');
  layAway(document, places, pager);
  return { document, pager };
}

describe('a document larger than its budget', () => {
  it(
    'is painted, merged, masked, undone, done again and flattened as one that is all in memory',
    { timeout: 120_000 },
    async () => {
      const ALL = 5 * RGBA8.tileBytes;
      const file = stored(EDGE);
      const { link, reads, quiet } = linkTo(file);
      const make = () => {
        const document = loadDocument(file);
        return {
          document,
          random: seeded(77),
          states: [fingerprint(document)],
          history: new History(document),
        };
      };
      const plain = make();
      const paged = make();
      paged.history = new History(paged.document, {
        budgetBytes: 4 * RGBA8.tileBytes,
        store: { changesBetween: async (_from, to) => file.moveHead(to, true).changes },
        steps: [],
        head: 0,
      });
      paged.history.subscribe((event) => {
        if (event.type === 'commit') file.commit(event.entry.label, event.entry.after);
        else if (file.state().head !== event.head) file.moveHead(event.head, false);
      });
      const pager = new TilePager(link, paged.document, still(), () => ({ unpacked: ALL / 2, all: ALL }));
      const compositor = new CpuCompositor(paged.document, { cacheBytes: 1 << 20 });
      const plainCompositor = new CpuCompositor(plain.document);
      let most = 0;
      const tidy = async (): Promise<void> => {
        pager.keep(() => false);
        await quiet();
        pager.keep(() => false);
        most = Math.max(most, held(paged.document));
      };
      for (let number = 0; plain.states.length < 40; number++) {
        const made = [plain, paged].map(({ document, random, history, states }) => {
          try {
            const changes = randomOperation(document, random, number);
            if (!changes || changes.length === 0) return false;
            history.record(`Step ${number}`, changes);
          } catch (error) {
            expect(error).toMatchObject({ name: 'EngineError' });
            return false;
          }
          states.push(fingerprint(document));
          return true;
        });
        expect(made[0]).toBe(made[1]);
        if (made[0] !== true) continue;
        expect(paged.states.at(-1), `step ${number}`).toBe(plain.states.at(-1));
        await tidy();
        if (number % 4 === 0)
          expect(seen(paged.document, compositor), `step ${number}`).toBe(
            seen(plain.document, plainCompositor),
          );
      }
      expect(reads.now).toBeGreaterThan(40);
      expect(most).toBeLessThanOrEqual(ALL);
      const flat = createHash('sha256');
      for (const rows of flattenRows(file)) flat.update(rows);
      expect(seen(paged.document, compositor)).toBe(flat.digest('hex'));
      for (let at = plain.states.length - 2; at >= 0; at--) {
        expect(await paged.history.undo()).toBe(true);
        expect(fingerprint(paged.document), `back at ${at}`).toBe(plain.states[at]);
        if (at % 5 === 0) await tidy();
      }
      for (let at = 1; at < plain.states.length; at++) {
        expect(await paged.history.redo()).toBe(true);
        expect(fingerprint(paged.document), `on at ${at}`).toBe(plain.states[at]);
        if (at % 5 === 0) await tidy();
      }
      pager.close();
    },
  );

  it('is drawn without waiting: what is away is brought, and what was looked at longest ago leaves', async () => {
    const file = noiseFile(1024, 3);
    const { link, reads } = linkTo(file);
    // 48 tiles of noise and one of white; a sixth of them fits.
    const ALL = 8 * RGBA8.tileBytes;
    const { document, pager } = await openAway(file, link, ALL);
    expect(held(document)).toBe(0);
    const compositor = new CpuCompositor(document);
    const levels = new LevelRenderer(compositor, () => document.canvas, compositor.followDamage());
    const whole = new CpuCompositor(loadDocument(file));
    let told = 0;
    document.subscribe(() => (told += 1));
    for (let i = 0; i < 16; i++) {
      const [tx, ty] = [i % 4, Math.floor(i / 4)];
      const toldBefore = told;
      expect(levels.ready(0, tx, ty)).toBe(false);
      while (!levels.ready(0, tx, ty)) await sleep(1);
      expect(told).toBeGreaterThan(toldBefore);
      const piece = levels.draw(0, tx, ty);
      const expected = new Uint8Array(RGBA8.tileBytes);
      whole.render({ x: tx * 256, y: ty * 256, width: 256, height: 256 }, expected);
      expect(Buffer.compare(Uint8Array.from(piece?.pixels ?? []), expected), `tile ${tx} ${ty}`).toBe(0);
      pager.keep(() => false);
      expect(held(document)).toBeLessThanOrEqual(ALL);
    }
    expect(reads.now).toBe(0);
    expect(reads.later).toBe(49);
    // The first place is away again, the last is not.
    expect(levels.ready(0, 0, 0)).toBe(false);
    expect(levels.ready(0, 3, 3)).toBe(true);
    pager.close();
  });

  it('gives a tool what is away at once, or says in a sentence that it cannot, with nothing changed', async () => {
    const file = noiseFile(512, 1);
    const { link, reads, trouble } = linkTo(file);
    const { document, pager } = await openAway(file, link, 2 * RGBA8.tileBytes);
    trouble.now = new StudioError('link/no-answer', 'The studio cannot be reached.', 'Wait.');
    const layer = document.layers.get('noise-0');
    expect(() => layer.get(1, 1)).toThrow(
      expect.objectContaining({ code: 'pixels-away', message: 'The studio cannot be reached.' }) as Error,
    );
    expect(layer.tiles.storedAt(1, 1)?.isHere).toBe(false);
    trouble.now = null;
    expect(layer.get(1, 1)).toHaveLength(RGBA8.tileBytes);
    expect(reads.now).toBe(1);
    pager.close();
  });

  it('lets nothing go that the file may not have', async () => {
    const file = stored(512);
    const { link, quiet } = linkTo(file);
    const document = loadDocument(file);
    let inFile = false;
    const pager = new TilePager(
      link,
      document,
      still(() => inFile),
      () => ({ unpacked: Infinity, all: 1 }),
    );
    const history = new History(document);
    const id = file.state().layers[1]?.id ?? '';
    const data = randomFillSync(new Uint8Array(RGBA8.tileBytes));
    const changes = [{ type: 'tiles' as const, layerId: id, tiles: [{ x: 0, y: 0, data }] }];
    history.record('Paint', changes);
    const tile = document.layers.get(id).tiles.storedAt(0, 0);
    pager.keep(() => false);
    await quiet();
    expect(tile?.isHere).toBe(true);
    expect(tile?.isShelved).toBe(false);
    // The file is asked while a step is on its way: what it answers is not believed.
    inFile = true;
    file.commit('Paint', changes);
    document.layers.get(id).tiles.get(0, 0);
    history.record('More', [{ type: 'tiles', layerId: id, tiles: [{ x: 1, y: 0, data: data.slice() }] }]);
    const asked = document.layers.get(id).tiles.storedAt(1, 0);
    pager.keep(() => false);
    history.record('Again', [
      {
        type: 'tiles',
        layerId: id,
        tiles: [{ x: 0, y: 0, data: randomFillSync(new Uint8Array(RGBA8.tileBytes)) }],
      },
    ]);
    await quiet();
    expect(asked?.isShelved).toBe(false);
    expect(document.layers.get(id).tiles.storedAt(0, 0)?.isShelved).toBe(false);
    pager.close();
  });

  it('tells of a tile that the file lost, once, and brings the others', async () => {
    const file = noiseFile(512, 1);
    const { link } = linkTo(file);
    const { document, pager } = await openAway(file, link, 2 ** 30);
    const lost = document.layers.get('noise-0').tiles.storedAt(0, 0)?.hash;
    const damaged: StoredDocument = {
      ...file,
      readPixels(hashes) {
        if (hashes.includes(lost ?? ''))
          throw new StudioError('document/tile-damaged', 'A tile is damaged.', 'Check the disk.');
        return file.readPixels(hashes);
      },
    };
    const other = linkTo(damaged);
    const { document: again, pager: second } = await openAway(file, other.link, 2 ** 30);
    const tiles = [...again.layers.get('noise-0').tiles.stored()];
    for (const tile of tiles) tile.want();
    await other.quiet();
    expect(tiles.filter((tile) => tile.isHere)).toHaveLength(3);
    expect(useStatus.getState().notice?.message).toBe('A tile is damaged.');
    pager.close();
    second.close();
    expect(document.layers.get('noise-0').tiles.size).toBe(4);
  });
});
