import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StudioError } from '../../../preload/contract/index.ts';

/** What a picture of one step took from the start of a fresh process with a data folder of its own. */
export interface ColdStart {
  /** Seconds until the step was done, null where the command was too quick to say so, and until the picture was written. */
  readonly firstStep: number | null;
  readonly picture: number;
  /** Bytes that were written to disk, the picture included. */
  readonly written: number;
  /** Anonymous memory of the inference process, in bytes: before anything was loaded, and the most; null outside Linux. */
  readonly memory: { readonly bare: number; readonly most: number } | null;
}

const every = 50;

/**
 * Runs `impasto generate` as a user would, once.
 *
 * @throws StudioError `bench/no-picture` with the command's own words when it fails
 */
export async function coldStart(model: string, pixels: number, signal: AbortSignal): Promise<ColdStart> {
  const folder = await mkdtemp(path.join(tmpdir(), 'impasto-bench-'));
  const data = path.join(folder, 'data');
  const seen: number[] = [];
  try {
    const begun = performance.now();
    const seconds = (): number => (performance.now() - begun) / 1000;
    const side = String(pixels);
    const asked = ['--steps', '1', '--guidance', '1', '--seed', '1', '--width', side, '--height', side];
    const child = spawn(
      process.execPath,
      [
        process.argv[1] ?? '',
        'generate',
        '--model',
        model,
        '--prompt',
        'a cat',
        ...asked,
        '--out',
        path.join(folder, 'cat.png'),
      ],
      {
        env: { ...process.env, IMPASTO_DATA: data, IMPASTO_DOCUMENTS: path.join(folder, 'documents') },
        stdio: ['ignore', 'ignore', 'pipe'],
        signal,
      },
    );
    let firstStep: number | null = null;
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (firstStep === null && said.includes('1/1')) firstStep = seconds();
    });
    const watch = setInterval(() => {
      void workerMemory(data).then((bytes) => {
        if (bytes !== null) seen.push(bytes);
      });
    }, every);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    }).finally(() => clearInterval(watch));
    if (code !== 0) {
      throw new StudioError(
        'bench/no-picture',
        `The picture was not made: ${said.trim().split('\n').at(-1) ?? ''}`,
        'Make it with "impasto generate" first.',
      );
    }
    const picture = seconds();
    const memory = seen.length === 0 ? null : { bare: seen[0] ?? 0, most: Math.max(...seen) };
    return { firstStep, picture, written: await bytesIn(folder), memory };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Anonymous memory of the inference worker that belongs to a data folder, in bytes; null where it cannot be told. */
async function workerMemory(data: string): Promise<number | null> {
  for (const entry of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const command = await readFile(`/proc/${entry}/cmdline`, 'utf8');
      if (!/worker[^/]*\0?/.test(command.split('/').at(-1) ?? '') && !command.includes('/worker/')) continue;
      if (!(await readFile(`/proc/${entry}/environ`, 'utf8')).includes(data)) continue;
      const found = /^RssAnon:\s+(\d+)/m.exec(await readFile(`/proc/${entry}/status`, 'utf8'));
      if (found) return Number(found[1]) * 1024;
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
  return null;
}

async function bytesIn(place: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += (await stat(path.join(entry.parentPath, entry.name))).size;
  }
  return sum;
}
