import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');

// What electron-builder itself reads its configuration and its patterns with.
const besideBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const builder = createRequire(besideBuilder.resolve('app-builder-lib/package.json'));
const { load } = builder('js-yaml') as { load: (text: string) => unknown };
const { Minimatch } = builder('minimatch') as {
  Minimatch: new (pattern: string, options: object) => { match(path: string): boolean; negate: boolean };
};

interface Target {
  target: string;
  arch: string[];
}
interface Platform {
  icon: string;
  target: Target[];
  files?: never;
  entitlements?: string;
  hardenedRuntime?: boolean;
}
interface Config {
  publish: null;
  npmRebuild: boolean;
  files: string[];
  asarUnpack: string[];
  directories: { buildResources: string };
  electronFuses: Record<string, boolean>;
  mac: Platform;
  win: Platform;
  linux: Platform;
}

let config: Config;
let nativeFiles: string[];
beforeAll(async () => {
  config = load(await readFile(join(REPOSITORY, 'electron-builder.yml'), 'utf8')) as Config;
  nativeFiles = globSync(
    'node_modules/{onnxruntime-node,webgpu,better-sqlite3,@img,sharp}/**/*.{node,so*,dylib,dll}',
    {
      cwd: REPOSITORY,
    },
  ).map((path) => path.replaceAll('\\', '/'));
});

const PLATFORMS = { mac: 'darwin', win: 'win32', linux: 'linux' } as const;
type Os = keyof typeof PLATFORMS;

/** Native files of packages that a build keeps: as electron-builder does for node_modules, by exclusions alone. */
function kept(os: Os, arch: string): string[] {
  const expand = (pattern: string): string =>
    pattern.replaceAll('${platform}', PLATFORMS[os]).replaceAll('${arch}', arch).replaceAll('${os}', os);
  const exclusions = config.files
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => new Minimatch(expand(pattern).slice(1), { dot: true }));
  return nativeFiles.filter((path) => !exclusions.some((pattern) => pattern.match(path)));
}

const targets = (): [Os, string][] =>
  (Object.keys(PLATFORMS) as Os[]).flatMap((os) =>
    [...new Set(config[os].target.flatMap(({ arch }) => arch))].map((arch): [Os, string] => [os, arch]),
  );

describe('electron-builder.yml', () => {
  test('publishes nothing, rebuilds nothing, hardens what it can', () => {
    expect(config.publish).toBeNull();
    expect(config.npmRebuild).toBe(false);
    expect(config.mac.hardenedRuntime).toBe(true);
    expect(config.electronFuses).toMatchObject({ runAsNode: false, onlyLoadAppFromAsar: true });
  });

  test('names only files that exist', () => {
    for (const path of [
      config.mac.icon,
      config.win.icon,
      config.linux.icon,
      config.mac.entitlements!,
      config.directories.buildResources,
    ]) {
      expect(existsSync(join(REPOSITORY, path)), path).toBe(true);
    }
    const unbuilt = existsSync(join(REPOSITORY, 'out/main/desktop.js')) ? [] : ['out/'];
    for (const pattern of [...config.files, ...config.asarUnpack]) {
      if (pattern.startsWith('!') || unbuilt.some((start) => pattern.startsWith(start))) continue;
      expect(globSync(pattern, { cwd: REPOSITORY }).length, pattern).toBeGreaterThan(0);
    }
  });

  test('keeps, for every target, the native parts of that target and of no other', () => {
    expect(nativeFiles.length).toBeGreaterThan(20);
    expect(targets().length).toBe(5);
    // electron-builder would take such a list for one of its own and pack the whole folder.
    for (const os of Object.keys(PLATFORMS) as Os[]) expect(config[os].files).toBeUndefined();
    for (const [os, arch] of targets()) {
      const platform = PLATFORMS[os];
      const files = kept(os, arch);
      const of = (name: string): string[] => files.filter((path) => path.startsWith(`node_modules/${name}/`));
      const onnx = of('onnxruntime-node');
      expect(
        onnx.some((path) => path.endsWith('onnxruntime_binding.node')),
        `${os} ${arch}`,
      ).toBe(true);
      for (const path of onnx) expect(path).toContain(`/bin/napi-v6/${platform}/${arch}/`);
      expect(of('better-sqlite3')).toEqual([
        `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`,
      ]);
      const dawn = of('webgpu');
      const dawnFolder = os === 'mac' ? 'darwin-universal' : `${platform}-${arch}`;
      expect(dawn.some((path) => path.endsWith('dawn.node'))).toBe(true);
      for (const path of dawn) expect(path).toContain(`/dist/${dawnFolder}/`);
      for (const path of of('@img')) expect(path).toContain(`${platform}-${arch}`);
    }
  });

  test('unpacks every native file that it keeps, and the model that native code opens', () => {
    const unpacked = config.asarUnpack.map((pattern) => new Minimatch(pattern, { dot: true }));
    const model = globSync('native-models/embedded/model/**/*.safetensors', { cwd: REPOSITORY });
    expect(model.length).toBeGreaterThan(0);
    for (const path of [
      ...kept('linux', 'x64'),
      ...kept('win', 'arm64'),
      ...kept('mac', 'arm64'),
      ...model,
    ]) {
      expect(
        unpacked.some((pattern) => pattern.match(path)),
        path,
      ).toBe(true);
    }
  });
});

describe('icons', () => {
  test.each([16, 24, 32, 48, 64, 128, 256, 512, 1024])('%i px is a PNG of that size', async (size) => {
    const png = await readFile(join(REPOSITORY, `resources/icons/${size}x${size}.png`));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  });

  test('.ico and .icns hold the PNGs that they announce', async () => {
    const ico = await readFile(join(REPOSITORY, 'resources/icons/icon.ico'));
    expect(ico.readUInt16LE(4)).toBe(7);
    for (let index = 0; index < 7; index += 1) {
      const offset = ico.readUInt32LE(6 + 16 * index + 12);
      const size = ico.readUInt8(6 + 16 * index) || 256;
      expect(ico.subarray(offset + 1, offset + 4).toString()).toBe('PNG');
      expect(ico.readUInt32BE(offset + 16)).toBe(size);
    }
    const icns = await readFile(join(REPOSITORY, 'resources/icons/icon.icns'));
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const types: string[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      types.push(icns.subarray(at, at + 4).toString());
      expect(icns.subarray(at + 9, at + 12).toString()).toBe('PNG');
    }
    expect(types).toContain('ic10');
  });
});
