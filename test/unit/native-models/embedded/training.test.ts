import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const room = join(import.meta.dirname, '../../../../native-models/embedded');
const python = process.env['IMPASTO_PYTHON'] ?? 'python3';

const modules = readdirSync(join(room, 'training'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
  .map((entry) => join(entry.parentPath, entry.name));

/** Top-level functions and classes of a Python file without a leading underscore, with the text that follows each. */
function publicDefinitions(source: string): { name: string; docstring: boolean }[] {
  return [...source.matchAll(/^(?:def|class) ([a-zA-Z]\w*)/gm)].map((match) => {
    const rest = source.slice(match.index);
    const body = rest.slice(rest.search(/:\n/) + 2);
    return { name: match[1] ?? '', docstring: body.trimStart().startsWith('"""') };
  });
}

describe('the training package keeps the rules the linters keep elsewhere', () => {
  it.each(modules.map((path) => [path.slice(room.length + 1), path] as const))('%s', (_name, path) => {
    const source = readFileSync(path, 'utf8');
    expect(source.split('\n').length).toBeLessThanOrEqual(500);
    expect(source.startsWith('"""')).toBe(true);
    expect(basename(path)).not.toMatch(/^(utils?|helpers?|common|misc)\.py$/);
    const silent = publicDefinitions(source).filter((definition) => !definition.docstring);
    expect(silent.map((definition) => definition.name)).toEqual([]);
  });
});

const hasTorch = spawnSync(python, ['-c', 'import torch, numpy, PIL'], { timeout: 30_000 }).status === 0;

describe.skipIf(!hasTorch)(`the networks in PyTorch (needs ${python} with torch, numpy and Pillow)`, () => {
  it('reproduce the reference vectors from the weights that ship, within 1e-3', { timeout: 180_000 }, () => {
    const run = spawnSync(python, ['-m', 'training', 'verify'], {
      cwd: room,
      encoding: 'utf8',
      timeout: 170_000,
    });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(run.stdout.trim().split('\n').length).toBeGreaterThanOrEqual(18);
  });
});
