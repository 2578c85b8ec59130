import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentFile, openDocument } from '../../../main/documents/document.ts';

const KILLS = Number(process.env['IMPASTO_KILLS'] ?? 25);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-kill-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lets the child commit for a while after its first stroke, kills it, and returns the last seq it had said. */
function commitUntilKilled(path: string, milliseconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./commit-forever.ts', import.meta.url)), path],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
      said += chunk.toString();
    });
    child.on('error', reject);
    // 'close' comes after the pipe is drained: a stroke that was said and not yet read still counts.
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error('the child ended by itself'));
      else resolve(Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1)));
    });
  });
}

describe('a document whose process is killed', () => {
  it(
    `opens after each of ${KILLS} kills with every stroke that had returned`,
    { timeout: 30_000 + KILLS * 4000 },
    async () => {
      const path = join(folder, 'killed.impasto');
      createDocumentFile(path, 'killed', 1024, 512);
      for (let kill = 0; kill < KILLS; kill++) {
        const lastSaid = await commitUntilKilled(path, Math.random() * 120);
        const document = openDocument(path);
        const { head, history, layers, readOnly } = document.state();
        expect(readOnly).toBeNull();
        expect(head).toBeGreaterThanOrEqual(lastSaid);
        expect(head).toBeLessThanOrEqual(lastSaid + 1);
        expect(history.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
        const tiles = document.readLayer(layers.at(-1)?.id ?? '');
        const newest = tiles.find(({ x, y }) => x === 0 && y === 1);
        expect(new DataView(newest!.data.buffer).getUint32(0)).toBe(head);
        document.close();
      }
    },
  );
});
