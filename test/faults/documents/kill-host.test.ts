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

/**
 * Paints, undoes, redoes and makes save points through the socket until the studio is killed.
 *
 * @returns the head that the last answer vouches for, and the one that the request in flight would have led to
 */
async function workUntilKilled(
  path: string,
  milliseconds: number,
): Promise<{ vouched: number; open: number }> {
  const run = await serve({ scratch: folder });
  const { ask } = connect(run.url);
  const state = await ask('documents.open', { path });
  const documentId = state.id;
  const layerId = state.layers.at(-1)?.id ?? '';
  let vouched = state.head;
  let open = vouched;
  const gone = run.exited.then(() => 'gone' as const);
  setTimeout(() => run.child.kill('SIGKILL'), milliseconds);
  for (let turn = 0; ; turn++) {
    const stroke = vouched + 1;
    const paint = async (): Promise<number> => {
      const tiles = [{ x: stroke % 4, y: 0, data: colour(stroke) }];
      const changes = [{ type: 'tiles' as const, layerId, tiles }];
      return (await ask('documents.commit', { documentId, label: `Stroke ${stroke}`, changes })).step.seq;
    };
    const walk = async (head: number): Promise<number> =>
      (await ask('documents.move-head', { documentId, head, withChanges: false })).head;
    const pin = async (): Promise<number> => {
      await ask('documents.add-save-point', { documentId, name: `At ${vouched}` });
      return vouched;
    };
    // Undone and done again in turn, so that the head is where the last answer says.
    const act = turn % 7 === 3 && vouched > 1 ? () => walk(vouched - 1) : turn % 11 === 5 ? pin : paint;
    open = act === paint ? stroke : turn % 7 === 3 && vouched > 1 ? vouched - 1 : vouched;
    const outcome = await Promise.race([act(), gone]).catch(() => 'gone' as const);
    if (outcome === 'gone') return { vouched, open };
    vouched = outcome;
    if (act !== paint && act !== pin) {
      open = vouched + 1;
      const back = await Promise.race([walk(vouched + 1), gone]).catch(() => 'gone' as const);
      if (back === 'gone') return { vouched, open };
      vouched = back;
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
          expect([vouched, open]).toContain(head);
          expect(history.map(({ label }) => label)).toEqual(history.map(({ seq }) => `Stroke ${seq}`));
          const tiles = document.readLayer(layers.at(-1)?.id ?? '');
          for (const { x, data } of tiles) {
            const newest = head - ((((head - x) % 4) + 4) % 4);
            expect(data[0]).toBe(colour(newest)[0]);
          }
          expect(tiles).toHaveLength(Math.min(4, head));
          for (const point of savePoints) document.readSavePoint(point.id);
          document.close();
        }
      },
    );
  },
);
