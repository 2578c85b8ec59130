import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Folders of the person who uses the studio; absolute paths, not created here. */
export interface StudioFolders {
  /** The studio's own data: library, results, settings, logs. */
  readonly data: string;
  /** Where documents are listed and created. */
  readonly documents: string;
}

/** What decides the folders; the running process unless a test says otherwise. */
export interface FolderSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * The folders by each platform's convention: XDG base directories on Linux, Application Support on macOS, local
 * application data on Windows. `IMPASTO_DATA` and `IMPASTO_DOCUMENTS` override them.
 */
export function studioFolders(
  surroundings: FolderSurroundings = { env: process.env, platform: process.platform, home: homedir() },
): StudioFolders {
  const { env } = surroundings;
  return {
    data: env['IMPASTO_DATA'] ? resolve(env['IMPASTO_DATA']) : conventionalData(surroundings),
    documents: env['IMPASTO_DOCUMENTS']
      ? resolve(env['IMPASTO_DOCUMENTS'])
      : conventionalDocuments(surroundings.home),
  };
}

function conventionalData({ env, platform, home }: FolderSurroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Impasto');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Impasto');
  const xdg = env['XDG_DATA_HOME'];
  // The specification has relative values ignored.
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), 'impasto');
}

function conventionalDocuments(home: string): string {
  const documents = join(home, 'Documents');
  return existsSync(documents) ? join(documents, 'Impasto') : join(home, 'Impasto');
}
