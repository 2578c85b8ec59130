import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The installed npm package of Electron. Since version 42 its program is fetched at the first run. */
export interface ElectronPackage {
  readonly version: string;
  /** Script of the package that fetches the program. */
  readonly installer: string;
  /** Folder that the program is unpacked into. */
  readonly dist: string;
  /** Path of the program, or null while it is not there. */
  binary(): string | null;
}

/** Finds the package next to this program; null when it is not installed, as in a production install. */
export function findElectronPackage(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ElectronPackage | null {
  const folder = packageFolder();
  if (folder === null) return null;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const dist = override || join(folder, 'dist');
  const pathFile = join(folder, 'path.txt');
  return {
    version,
    installer: join(folder, 'install.js'),
    dist,
    binary() {
      // The installer writes the file last, so that half an unpacked program is not taken for one.
      const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : override ? 'electron' : null;
      const path = name === null ? null : join(dist, name);
      return path !== null && existsSync(path) ? path : null;
    },
  };
}

function packageFolder(): string | null {
  const { resolve } = createRequire(import.meta.url);
  try {
    return dirname(resolve('electron/package.json'));
  } catch {
    return null;
  }
}
