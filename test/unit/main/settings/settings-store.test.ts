import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSettings } from '../../../../main/settings/settings-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-settings-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

test('what was written is there after a restart', () => {
  const first = openSettings(folder);
  first.write('prompt.text', 'ein Fuchs 🦊');
  first.write('panel.sizes', { left: 240, open: [true, null] });
  first.write('prompt.text', 'a fox');
  first.write('gone', 1);
  first.write('gone', undefined);
  first.close();
  const second = openSettings(folder);
  expect(second.read()).toEqual({ 'prompt.text': 'a fox', 'panel.sizes': { left: 240, open: [true, null] } });
  second.close();
});

test('a value that does not fit is refused and the old one stays', () => {
  const settings = openSettings(folder);
  settings.write('a', 'old');
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  expect(() => settings.write('a', loop)).toThrow('cannot be written as JSON');
  expect(() => settings.write('a', () => 1)).toThrow('cannot be written as JSON');
  expect(() => settings.write('a', 'x'.repeat(300_000))).toThrow('300002 bytes; 262144 fit');
  expect(settings.read()).toEqual({ a: 'old' });
  settings.close();
});

test('keys are limited, but a known one can still be changed', () => {
  const settings = openSettings(folder);
  for (let i = 0; i < 1000; i++) settings.write(`k${i}`, i);
  expect(() => settings.write('one-more', 1)).toThrow('1000 settings');
  settings.write('k7', 'new');
  expect(settings.read()['k7']).toBe('new');
  settings.close();
});

test('a file of a newer version and a file of another kind are left alone and said in words', () => {
  const path = join(folder, 'settings.sqlite');
  const newer = new Database(path);
  newer.pragma('user_version = 99');
  newer.close();
  expect(() => openSettings(folder)).toThrow('has version 99; this Impasto knows 1');
  writeFileSync(path, 'this is no database '.repeat(100));
  expect(() => openSettings(folder)).toThrow(/cannot be opened: file is not a database/);
});
