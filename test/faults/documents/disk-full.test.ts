import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentFile, openDocument } from '../../../main/documents/document.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-full-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('a document whose disk is full (by ulimit -f)', () => {
  it('says so, keeps what was committed, and goes on once there is room', () => {
    const path = join(folder, 'full.impasto');
    createDocumentFile(path, 'full', 1024, 1024);
    const script = join(folder, 'fill.sh');
    const child = fileURLToPath(new URL('./commit-until-full.ts', import.meta.url));
    // 3,000 blocks of 1 KiB; the signal that would end the process is ignored, so that writing fails instead.
    writeFileSync(script, `ulimit -f 3000\ntrap '' XFSZ\nexec "${process.execPath}" "${child}" "${path}"\n`);
    const { stdout, stderr, status } = spawnSync('bash', [script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { code, message, committed } = JSON.parse(stdout) as {
      code: string;
      message: string;
      committed: number;
    };
    expect(code).toBe('document/disk-full');
    expect(message).toMatch(/^The disk is full\. Everything up to your last stroke is saved/);
    expect(committed).toBeGreaterThan(3);

    const document = openDocument(path);
    const { head, layers } = document.state();
    expect(head).toBe(committed);
    const layerId = layers.at(-1)?.id ?? '';
    expect(document.readLayer(layerId)).toHaveLength(Math.min(16, committed));
    document.commit('Goes on', [{ type: 'layer-props', layerId, props: { name: 'Room again' } }]);
    document.close();
  });
});
