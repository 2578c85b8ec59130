import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentFile, openDocument } from '../../../main/documents/document.ts';
import { flattenDocument } from '../../../main/documents/flatten.ts';
import { playHistory } from '../../../main/documents/time-lapse.ts';
import { StudioError, TILE_BYTES } from '../../../preload/contract/index.ts';
import { StrokeRandom } from '../../../renderer/engine/brush/random.ts';

const FILES = Number(process.env['IMPASTO_MUTATED'] ?? 250);

let folder: string;
let original: Buffer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-mutated-'));
  const path = join(folder, 'sample.impasto');
  createDocumentFile(path, 'sample', 300, 300);
  const document = openDocument(path);
  const layerId = document.state().layers.at(-1)?.id ?? '';
  for (let stroke = 1; stroke <= 4; stroke++) {
    const data = new Uint8Array(TILE_BYTES).map((_, i) => (i * stroke) % 251);
    document.commit(`Stroke ${stroke}`, [{ type: 'tiles', layerId, tiles: [{ x: stroke % 2, y: 0, data }] }]);
  }
  document.addSavePoint('Kept');
  document.commit('Hide', [{ type: 'layer-props', layerId, props: { opacity: 0.5 } }]);
  document.close();
  original = readFileSync(path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bits, bytes of extremes, whole sectors, the end cut off. Texts of records are hit as often as pages' heads. */
function mutate(random: StrokeRandom): Buffer {
  const out = Buffer.from(original);
  const at = (size = 1): number => Math.floor(random.next() * (out.length - size));
  for (let i = 0; i <= random.next() * 6; i++) {
    const kind = Math.floor(random.next() * 5);
    if (kind === 0) out[at()]! ^= 1 << Math.floor(random.next() * 8);
    else if (kind === 1) out[at()] = [0, 255, 127, 48, 34][Math.floor(random.next() * 5)]!;
    else if (kind === 2) {
      const from = Math.floor(at(512) / 512) * 512;
      out.fill(0, from, from + 512);
    } else if (kind === 3) return out.subarray(0, 1 + at());
    else out.copy(out, at(100), at(100), at(100) + 100);
  }
  return out;
}

it(`opens ${FILES} broken documents, or says why not`, { timeout: 3_600_000 }, () => {
  const random = new StrokeRandom(77);
  let good = 0;
  for (let i = 0; i < FILES; i++) {
    const path = join(folder, `broken-${i}.impasto`);
    writeFileSync(path, mutate(random));
    // The process's own time: others work on the same machine.
    const start = process.cpuUsage();
    let opened: ReturnType<typeof openDocument> | null = null;
    try {
      opened = openDocument(path);
      const state = opened.state();
      // A canvas may have become a large one, which is no fault: its pixels take their time.
      const small = state.width * state.height < 2_000_000;
      if (small) flattenDocument(opened);
      for (const { seq } of state.history) opened.stepChanges(seq, 'undo');
      if (small && state.history.length > 0) for (const _ of playHistory(opened, 64, 10).frames);
      for (const { id } of state.savePoints) opened.readSavePoint(id);
      good++;
    } catch (error) {
      if (!(error instanceof StudioError))
        expect.fail(`file ${i}: ${String(error)}\n${(error as Error).stack ?? ''}`);
    } finally {
      try {
        opened?.close();
      } catch (error) {
        if (!(error instanceof StudioError)) expect.fail(`closing file ${i}: ${String(error)}`);
      }
    }
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000, `milliseconds for file ${i}`).toBeLessThan(2000);
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  }
  expect(good).toBeGreaterThan(FILES / 50);
});
