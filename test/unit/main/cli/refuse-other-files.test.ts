import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseOtherFiles } from '../../../../main/cli/refuse-other-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-inspect-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, Buffer.from(content, 'latin1'));
  return path;
};

describe('what is to be inspected', () => {
  it.each([
    ['a.heic', '\0\0\0\x18ftypheic\0\0\0\0', 'a.heic is a HEIC photograph'],
    ['a.psd', '8BPS\0\x01', 'a.psd is a picture (psd)'],
    ['a.ora', 'PK\x03\x04', 'a.ora is a picture (ora)'],
  ])('is called what it is where there is nothing to say: %s', async (name, content, sentence) => {
    await expect(refuseOtherFiles(file(name, content))).rejects.toThrow(sentence);
  });

  it('passes where it may be a model, in an archive or not', async () => {
    const header = '\x02\0\0\0\0\0\0\0{}';
    for (const path of [
      file('a.safetensors', header),
      file('b.pt', 'PK\x03\x04'),
      folder,
      join(folder, 'none'),
    ])
      await expect(refuseOtherFiles(path)).resolves.toBeUndefined();
  });
});
