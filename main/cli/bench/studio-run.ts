import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../../preload/contract/index.ts';
import { locateInstallation } from '../../hosting/installation.ts';

/**
 * Starts the built headless studio on a folder's `data` and `documents`.
 * @throws StudioError `bench/no-build`, `bench/no-studio`.
 */
export async function startStudio(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const entry = join(locateInstallation().root, 'out', 'main', 'server.js');
  if (!existsSync(entry)) {
    throw new StudioError('bench/no-build', 'The studio is not built.', 'Run "npm run build" first.');
  }
  const token = randomBytes(32).toString('base64url');
  const child = spawn(process.execPath, [entry, '--port', '0', '--token', token], {
    env: {
      ...process.env,
      IMPASTO_DATA: join(folder, 'data'),
      IMPASTO_DOCUMENTS: join(folder, 'documents'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((found, failed) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /https?:\/\/\S+/.exec(said)?.[0];
      if (address !== undefined) found(address);
    });
    child.once('exit', () =>
      failed(new StudioError('bench/no-studio', 'The studio ended before it began.', said)),
    );
  });
  return { child, url };
}

/** The largest memory in MB of a process and its children, by the system's own count (Linux); 0 elsewhere. */
export function peakMemory(browser: number): number {
  if (process.platform !== 'linux') return 0;
  const facts = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/status`, 'utf8');
        const value = (key: string): number =>
          Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
        return [{ id: Number(name), parent: value('PPid'), peak: value('VmHWM') / 1024 }];
      } catch {
        return [];
      }
    });
  const family = new Set([browser]);
  for (let grew = true; grew;) {
    const before = family.size;
    for (const { id, parent } of facts) if (family.has(parent)) family.add(id);
    grew = family.size > before;
  }
  return Math.max(0, ...facts.filter(({ id }) => family.has(id)).map(({ peak }) => peak));
}
