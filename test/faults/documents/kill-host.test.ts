import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentFile, openDocument, type StoredDocument } from '../../../main/documents/document.ts';
import { importFile } from '../../../main/documents/exchange/convert-file.ts';
import { SILENT } from '../../../main/documents/exchange/progress.ts';
import {
  type DocumentState,
  StudioError,
  TILE_BYTES,
  unpackPlaces,
} from '../../../preload/contract/index.ts';
import { StrokeRandom } from '../../../renderer/engine/brush/random.ts';
import { layerMask } from '../../../renderer/engine/layers/layer-mask.ts';
import { layerRecord } from '../../../renderer/engine/layers/layer-record.ts';
import { connect, REPOSITORY, serve } from '../../desktop/headless-process.ts';
import { sharedPath } from '../../fixtures/reference-folder.ts';
import {
  describeSnapshot,
  hashOf,
  type Known,
  present,
  recognise,
  type Snapshot,
  snapshotOf,
} from './known-document.ts';
import { randomAct } from './random-act.ts';

const KILLS = Math.max(3, Math.floor(Number(process.env['IMPASTO_KILLS'] ?? 3)));
/** What is done in which order; when the kills come is the machine's own chance. */
const SEED = Number(process.env['IMPASTO_KILL_SEED'] ?? 20);
/** Kills until a new document is begun, so that the thousandth costs what the first does. */
const A_DOCUMENT = 20;
const A_WHOLE_CHECK = 10;
/** Files that Photoshop wrote, for their groups, masks and modes. */
const PHOTOSHOP = ['layer-mask', 'groups', 'nested', 'pass-through', 'alpha-composite'];

let acts = 0;
/** Contents of tiles that were read since the document was begun. */
const read = new Set<string>();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-kill-host-'));
  mkdirSync(join(folder, 'documents'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const colour = (stroke: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(TILE_BYTES).fill(1 + (stroke % 250));

/** What may be left of a document whose studio was killed: as it was before the act in progress, or after it. */
type Candidates = readonly Known[];

/** A new file to work on, and what is known of it: small ones of 8 and 16 bits, and files of Photoshop where they are there. */
async function begin(path: string, number: number): Promise<Known> {
  const real = sharedPath('assets/psd', PHOTOSHOP[number % PHOTOSHOP.length] ?? '', 'src.psd');
  const depth = number % 4 < 2 ? 16 : 8;
  if (real !== undefined && number % 2 === 0) await importFile(real, path, SILENT);
  else createDocumentFile(path, 'host', 1024, 256, { depth });
  const document = openDocument(path);
  const base = await storedSnapshot(document);
  // What a painter has when the evening is late: groups, a mask, a selection.
  const group = layerRecord({ id: 'group', name: 'Group', kind: 'group', mask: layerMask(0) });
  const inside = layerRecord({ id: 'inside', name: 'Inside', blend: 'multiply' });
  document.commit('Prepare', [
    { type: 'layer-add', layer: group, parent: null, index: 0 },
    { type: 'layer-add', layer: inside, parent: 'group', index: 0 },
    { type: 'note', key: 'selection', bytes: new Uint8Array(2000).fill(number) },
  ]);
  const after = await storedSnapshot(document);
  const steps = document.state().history.map(({ label, seq }) => ({ label, seq, after }));
  document.close();
  return { base, steps, applied: steps.length, points: [] };
}

function storedSnapshot(document: StoredDocument): Promise<Snapshot> {
  return snapshotOf(document.state(), document.readNotes(), (layerId) => {
    const { pixels, mask } = document.readPlaces(layerId);
    return Promise.resolve({ pixels: unpackPlaces(pixels), mask: unpackPlaces(mask) });
  });
}

/**
 * Opens the document in a new studio, compares it with what may be there, and works on until the studio is killed.
 * @returns what may be left then.
 */
async function workUntilKilled(
  path: string,
  candidates: Candidates,
  random: StrokeRandom,
): Promise<Candidates> {
  const run = await serve({ scratch: folder });
  const { ask, close } = connect(run.url);
  const gone = run.exited.then(() => null);
  const unlessGone = <T>(act: () => Promise<T>): Promise<T | null> =>
    Promise.race([
      act().catch((error: unknown) => {
        // A link that breaks is the kill's doing.
        if (error instanceof StudioError && error.code.startsWith('link/')) return gone;
        throw error;
      }),
      gone,
    ]);
  const killSoon = (): void => void setTimeout(() => run.child.kill('SIGKILL'), random.next() * 400);
  // Now and then while it opens the document that the last one left.
  const isEarly = random.next() < 0.2;
  if (isEarly) killSoon();
  try {
    const opened = await unlessGone(() => openAndRecognise(ask, path, candidates));
    if (!opened) return candidates;
    if (!isEarly) killSoon();
    let { documentId, known } = opened;
    for (;;) {
      const act = randomAct(random, known, `Act ${++acts}`);
      const { id } = (await unlessGone(async () => ({ id: await act.run(ask, documentId, path) }))) ?? {};
      if (id === undefined) return [known, act.after];
      // What was answered is there for certain.
      const state = await unlessGone(() => ask('documents.open', { path }));
      if (!state) return [act.after];
      const { history, savePoints } = state;
      documentId = id;
      known = {
        ...act.after,
        steps: act.after.steps.map((step, index) => ({ ...step, seq: history[index]?.seq ?? 0 })),
        points: act.after.points.map((point, index) => ({ ...point, id: savePoints[index]?.id ?? 0 })),
      };
    }
  } finally {
    close();
    await run.exited;
  }
}

async function openAndRecognise(
  ask: ReturnType<typeof connect>['ask'],
  path: string,
  candidates: Candidates,
): Promise<{ documentId: string; known: Known }> {
  const state = await ask('documents.open', { path });
  const documentId = state.id;
  expect(state.readOnly).toBeNull();
  expect(state.notices).toEqual([]);
  const notes = await ask('documents.read-notes', { documentId });
  const shown = await snapshotOf(state, notes, async (layerId) => {
    const { pixels, mask } = await ask('documents.read-places', { documentId, layerId });
    return { pixels: unpackPlaces(pixels), mask: unpackPlaces(mask) };
  });
  const known = candidates
    .map((candidate) => recognise(candidate, state, describeSnapshot(shown)))
    .find(Boolean);
  if (!known) throw unknownState(candidates, state, shown);
  // What has changed since the last kill is read to its last pixel.
  const changed = [...new Set(shown.tiles.values())].filter((hash) => !read.has(hash));
  for (let from = 0; from < changed.length; from += 32) {
    const hashes = changed.slice(from, from + 32);
    const pixels = await ask('documents.read-pixels', { documentId, hashes });
    expect(pixels.map(hashOf)).toEqual(hashes);
    for (const hash of hashes) read.add(hash);
  }
  return { documentId, known };
}

/** Every pixel, every save point, and the history to its beginning and back. */
async function checkWhole(path: string, candidates: Candidates): Promise<Candidates> {
  const document = openDocument(path);
  const state = document.state();
  const shown = await storedSnapshot(document);
  const known = candidates
    .map((candidate) => recognise(candidate, state, describeSnapshot(shown)))
    .find(Boolean);
  if (!known) throw unknownState(candidates, state, shown);
  const readAll = (): void => {
    for (const { id } of document.state().layers) {
      document.readLayer(id);
      document.readMask(id);
    }
  };
  readAll();
  for (const { id, kept } of known.points) {
    const { changes } = document.readSavePoint(id);
    if (describeSnapshot({ ...kept, notes: new Map() }) === describeSnapshot({ ...shown, notes: new Map() }))
      expect(changes).toEqual([]);
  }
  document.moveHead(state.floor, true);
  expect(describeSnapshot(await storedSnapshot(document))).toBe(describeSnapshot(known.base));
  readAll();
  document.moveHead(state.head, true);
  expect(describeSnapshot(await storedSnapshot(document))).toBe(describeSnapshot(present(known)));
  document.close();
  const database = new Database(path, { readonly: true });
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
  return [known];
}

function unknownState(candidates: Candidates, state: DocumentState, shown: Snapshot): Error {
  const expected = candidates.map((known) => ({
    steps: known.steps.map(({ label }) => label),
    applied: known.applied,
    points: known.points.map(({ name }) => name),
    picture: describeSnapshot(present(known)),
  }));
  const found = { ...state, profile: null, picture: describeSnapshot(shown) };
  return new Error(`neither of ${JSON.stringify(expected)} but ${JSON.stringify(found)}`);
}

describe.skipIf(!existsSync(join(REPOSITORY, 'out/main/server.js')))(
  'a headless studio that is killed (needs the build)',
  () => {
    it(
      `opens its document after each of ${KILLS} kills, at most the stroke in progress missing`,
      { timeout: 60_000 + KILLS * 10_000 },
      async () => {
        const random = new StrokeRandom(SEED);
        let candidates: Candidates = [];
        let path = '';
        for (let kill = 0; kill < KILLS; kill++) {
          const context = `kill ${kill} of the session ${SEED}`;
          try {
            if (kill % A_DOCUMENT === 0) {
              if (path !== '') candidates = await checkWhole(path, candidates);
              rmSync(path, { force: true });
              read.clear();
              path = join(folder, 'documents', `host-${kill / A_DOCUMENT}.impasto`);
              candidates = [await begin(path, kill / A_DOCUMENT)];
            }
            candidates = await workUntilKilled(path, candidates, random);
            if (kill % A_WHOLE_CHECK === A_WHOLE_CHECK - 1) candidates = await checkWhole(path, candidates);
          } catch (error) {
            throw new Error(context, { cause: error });
          }
          if (KILLS > 100 && kill % 50 === 49)
            process.stdout.write(`${kill + 1} kills, ${acts} acts, every document as it was left\n`);
        }
        await checkWhole(path, candidates);
      },
    );

    it(
      'has none of a step that was sent in parts when it dies between them',
      { timeout: 60_000 },
      async () => {
        const first = await serve({ scratch: folder });
        const { ask } = connect(first.url);
        const made = await ask('documents.create', { name: 'parts', width: 1024, height: 256 });
        const layerId = made.layers.at(-1)?.id ?? '';
        const part = (x: number) => [
          { type: 'tiles' as const, layerId, tiles: [{ x, y: 0, data: colour(x) }] },
        ];
        await ask('documents.stage-part', { documentId: made.id, part: 0, changes: part(0) });
        await ask('documents.stage-part', { documentId: made.id, part: 1, changes: part(1) });
        first.child.kill('SIGKILL');
        await first.exited;
        const second = await serve({ scratch: folder });
        const again = connect(second.url);
        const { id: documentId, history } = await again.ask('documents.open', { path: made.path });
        expect(history).toEqual([]);
        expect(await again.ask('documents.read-layer', { documentId, layerId })).toEqual([]);
        // The other parts alone make no step.
        await expect(
          again.ask('documents.commit', { documentId, label: 'All', changes: part(2), parts: 2 }),
        ).rejects.toMatchObject({ code: 'document/parts-missing' });
        await again.ask('documents.stage-part', { documentId, part: 0, changes: part(0) });
        await again.ask('documents.commit', { documentId, label: 'All', changes: part(1), parts: 1 });
        expect(await again.ask('documents.read-layer', { documentId, layerId })).toHaveLength(2);
        second.child.kill('SIGKILL');
        await second.exited;
      },
    );
  },
);
