import { readdir, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { StudioError } from '../../preload/contract/index.ts';

/** One file that the page may load. */
export interface PageFile {
  /** Absolute path. */
  readonly path: string;
  /** MIME type, with its charset where it is text. */
  readonly type: string;
  readonly bytes: number;
  /** True when the name contains a hash of the content, so that a browser may keep it for good. */
  readonly immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.wgsl': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.icc': 'application/vnd.iccprofile',
};

/**
 * Lists a built page's files by their URL path (`/`, `/index.html`, `/assets/…`). A host serves what is in the
 * list and nothing else, so that no spelling of a path leads outside the folder.
 *
 * @throws StudioError `host/page-missing` when the folder has no index.html.
 */
export async function listPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const urlPath = `/${relative(folder, path).split(sep).map(encodeURIComponent).join('/')}`;
    files.set(urlPath, {
      path,
      type: TYPES[extname(entry.name)] ?? 'application/octet-stream',
      bytes: (await stat(path)).size,
      immutable: /^\/assets\/.*-[\w-]{8}\.\w+$/.test(urlPath),
    });
  }
  const index = files.get('/index.html');
  if (index === undefined) {
    throw new StudioError(
      'host/page-missing',
      `The studio's page is not built: ${join(folder, 'index.html')} is not there.`,
      'Run "npm run build" and start again.',
    );
  }
  return files.set('/', index);
}
