import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocument } from '../../../main/documents/document.ts';
import { TILE_BYTES } from '../../../preload/contract/index.ts';
import { connect, REPOSITORY, serve } from '../../desktop/headless-process.ts';

const KILLS = Math.max(3, Math.floor(Number(process.env['IMPASTO_KILLS'] ?? 3)));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-kill-host-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const colour = (stroke: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(TILE_BYTES).fill(1 + (stroke % 250));

/** What a client knows of a document when its studio is gone. */
interface Knowledge {
  /** The head that the last answer vouches for. */
  readonly vouched: number;
  /** Where the request in flight would have led: a head, or a new stroke by its number. */
  readonly open: { readonly head: number } | { readonly stroke: number };
}

const numberOf = (label: string): number => Number(label.replace('Stroke ', ''));

/** Paints, undoes, redoes and makes save points through the socket until the studio is killed. */
async function workUntilKilled(path: string, milliseconds: number): Promise<Knowledge> {
  const run = await serve({ scratch: folder });
  const { ask } = connect(run.url);
  const state = await ask('documents.open', { path });
  const documentId = state.id;
  const layerId = state.layers.at(-1)?.id ?? '';
  const applied = state.history.filter(({ seq }) => seq <= state.head).map(({ seq }) => seq);
  let stroke = Math.max(0, ...state.history.map(({ label }) => numberOf(label)));
  let vouched = state.head;
  let open: Knowledge['open'] = { head: vouched };
  const gone = run.exited.then(() => null);
  const attempt = async (act: () => Promise<number>): Promise<boolean> => {
    const head = await Promise.race([act(), gone]).catch(() => null);
    if (head !== null) vouched = head;
    return head !== null;
  };
  const walk = (head: number) => async (): Promise<number> => {
    open = { head };
    return (await ask('documents.move-head', { documentId, head, withChanges: false })).head;
  };
  setTimeout(() => run.child.kill('SIGKILL'), milliseconds);
  for (let turn = 0; ; turn++) {
    const last = applied.at(-1);
    const before = applied.at(-2);
    if (turn % 7 === 3 && last !== undefined && before !== undefined) {
      if (!(await attempt(walk(before)))) return { vouched, open };
      if (!(await attempt(walk(last)))) return { vouched, open };
    } else if (turn % 11 === 5) {
      const pinned = await attempt(async () => {
        open = { head: vouched };
        await ask('documents.add-save-point', { documentId, name: `At ${vouched}` });
        return vouched;
      });
      if (!pinned) return { vouched, open };
    } else {
      const next = ++stroke;
      const painted = await attempt(async () => {
        open = { stroke: next };
        const tiles = [{ x: next % 4, y: 0, data: colour(next) }];
        const changes = [{ type: 'tiles' as const, layerId, tiles }];
        return (await ask('documents.commit', { documentId, label: `Stroke ${next}`, changes })).step.seq;
      });
      if (!painted) return { vouched, open };
      applied.push(vouched);
    }
  }
}

describe.skipIf(!existsSync(join(REPOSITORY, 'out/main/server.js')))(
  'a headless studio that is killed (needs the build)',
  () => {
    it(
      `opens its document after each of ${KILLS} kills, at most the stroke in progress missing`,
      { timeout: 60_000 + KILLS * 8000 },
      async () => {
        const first = await serve({ scratch: folder });
        const made = await connect(first.url).ask('documents.create', {
          name: 'host',
          width: 1024,
          height: 256,
        });
        first.child.kill('SIGKILL');
        await first.exited;
        for (let kill = 0; kill < KILLS; kill++) {
          const { vouched, open } = await workUntilKilled(made.path, 40 + Math.random() * 500);
          const document = openDocument(made.path);
          const { head, history, layers, readOnly, savePoints } = document.state();
          expect(readOnly).toBeNull();
          const applied = history.filter(({ seq }) => seq <= head).map(({ label }) => numberOf(label));
          const asAsked = 'head' in open ? head === open.head : applied.at(-1) === open.stroke;
          expect(head === vouched || asAsked).toBe(true);
          expect(applied).toEqual(applied.toSorted((x, y) => x - y));
          // Each place shows the newest stroke that was made there and not undone.
          const tiles = document.readLayer(layers.at(-1)?.id ?? '');
          for (const { x, data } of tiles) {
            const newest = applied.findLast((stroke) => stroke % 4 === x) ?? -1;
            expect(data[0]).toBe(colour(newest)[0]);
          }
          expect(tiles).toHaveLength(new Set(applied.map((stroke) => stroke % 4)).size);
          for (const point of savePoints) document.readSavePoint(point.id);
          document.close();
        }
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
