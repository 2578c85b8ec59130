import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

describe('bundled fonts', () => {
  it('have their notices and their licence beside them', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: object };
    const fonts = Object.keys(devDependencies).filter((name) => name.startsWith('@fontsource/'));
    expect(fonts.length).toBe(6);
    const notices = read('resources/licences/fonts.txt');
    for (const font of fonts) {
      const [notice = '', ...licence] = read(`node_modules/${font}/LICENSE`).split('\n');
      const { license } = JSON.parse(read(`node_modules/${font}/package.json`)) as { license: string };
      const { family } = JSON.parse(read(`node_modules/${font}/metadata.json`)) as { family: string };
      expect(license).toBe('OFL-1.1');
      expect(notices).toContain(family);
      // One package names its packager instead of its authors.
      if (notice.startsWith('Copyright')) expect(notices).toContain(/^Copyright [^)]*\)/.exec(notice)?.[0]);
      expect(notices).toContain(licence.join('\n').trim().slice(-3000));
    }
  });
});
