import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openResultStore, resultsFolder } from '../../../main/generation/result-store.ts';
import { openResultsDatabase } from '../../../main/generation/results-database.ts';

const KILLS = Number(process.env['IMPASTO_KILLS'] ?? 8);
const SCRIPT = fileURLToPath(new URL('./keep-forever.ts', import.meta.url));

/** Runs the script and kills it `after` milliseconds from its first result; resolves to what it had promised. */
function promisedUntilKilled(dataFolder: string, after: number): Promise<Map<string, number>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SCRIPT, dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (text === '') setTimeout(() => child.kill('SIGKILL'), after);
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the script ended by itself: ${text}`));
      const lines = text.split('\n').slice(0, -1);
      resolve(new Map(lines.map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])])));
    });
  });
}

test(`a process killed at ${KILLS} random moments takes no finished picture with it`, async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'impasto-killed-'));
  try {
    const promised = new Map<string, number>();
    for (let kill = 0; kill < KILLS; kill++) {
      const more = await promisedUntilKilled(dataFolder, Math.random() * 200);
      for (const [id, seed] of more) promised.set(id, seed);
    }
    const database = openResultsDatabase(dataFolder);
    const store = openResultStore(resultsFolder(dataFolder), database);
    expect(promised.size).toBeGreaterThanOrEqual(KILLS);
    const listed = new Map(store.list(store.count()).map((summary) => [summary.resultId, summary]));
    for (const [id, seed] of promised) {
      expect(existsSync(join(resultsFolder(dataFolder), `${id}.png`))).toBe(true);
      expect(listed.get(id)?.recipe.seed).toBe(seed);
    }
    // What was written but not promised is whole, too, or not there under a finished name.
    const pictures = readdirSync(resultsFolder(dataFolder)).filter((name) => name.endsWith('.png'));
    expect(store.count()).toBe(pictures.length);
    for (const name of pictures.slice(-30)) {
      const { summary, raster } = await store.read(name.slice(0, -'.png'.length));
      expect(raster.rgba[0]).toBe(summary.recipe.seed % 256);
    }
    database.close();
  } finally {
    rmSync(dataFolder, { recursive: true });
  }
});
