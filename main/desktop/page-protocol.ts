import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { listPageFiles, type PageFile } from '../hosting/page-files.ts';
import { PAGE_HEADERS } from '../hosting/page-policy.ts';

/** Origin of the page in a desktop window. */
export const PAGE_ORIGIN = 'impasto://studio';

/** Makes `impasto:` a scheme with an origin, like https. To be called before Electron is ready. */
export function claimPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'impasto',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/**
 * Serves a built page at {@link PAGE_ORIGIN}.
 *
 * @throws StudioError `host/page-missing`
 */
export async function servePageScheme(folder: string): Promise<void> {
  const files = await listPageFiles(folder);
  protocol.handle('impasto', (request) => answer(request, files));
}

async function answer(request: Request, files: ReadonlyMap<string, PageFile>): Promise<Response> {
  const url = new URL(request.url);
  const file = url.host === 'studio' && request.method === 'GET' ? files.get(url.pathname) : undefined;
  if (file === undefined) return new Response(null, { status: 404, headers: PAGE_HEADERS });
  try {
    const body = await readFile(file.path);
    return new Response(body, { headers: { ...PAGE_HEADERS, 'Content-Type': file.type } });
  } catch {
    return new Response(null, { status: 500, headers: PAGE_HEADERS });
  }
}
