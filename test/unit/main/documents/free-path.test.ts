import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { freePath } from '../../../../main/documents/free-path.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';

const folder = scratchFolder();

test.each([
  ['fox', 'fox.impasto'],
  ['a/b\\c:d', 'a-b-c-d.impasto'],
  ['../../etc/passwd', '-..-etc-passwd.impasto'],
  ['...', 'Untitled.impasto'],
  ['trailing. ', 'trailing.impasto'],
])('%j is kept as %j', (name, file) => {
  expect(basename(freePath(folder, name))).toBe(file);
});

test('a name of many bytes is cut between characters, and can be written and numbered', () => {
  const place = join(folder, 'long');
  mkdirSync(place);
  const first = freePath(place, '🦊狐'.repeat(60));
  writeFileSync(`${first}-journal`, '');
  writeFileSync(first, '');
  const second = basename(freePath(place, '🦊狐'.repeat(60)));
  expect(second).toMatch(/^(?:🦊狐)+🦊? 2\.impasto$/u);
  expect(Buffer.byteLength(second)).toBeLessThan(220);
});
