import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ElectronPackage } from './find-electron.ts';

/** How long a fetch may take, in milliseconds. */
export interface FetchLimits {
  /** Until the first byte: without a network one should not wait. */
  readonly firstByte: number;
  readonly whole: number;
}

const LIMITS: FetchLimits = { firstByte: 8_000, whole: 15 * 60_000 };

/**
 * Runs Electron's own installer, which downloads and checks the program.
 *
 * @returns null when it is there now, else why not, as the end of a sentence.
 */
export async function fetchElectron(
  electron: ElectronPackage,
  limits: FetchLimits = LIMITS,
): Promise<string | null> {
  // A folder of its own shows whether anything arrives; the installer itself is silent.
  const scratch = await mkdtemp(join(tmpdir(), 'impasto-electron-'));
  try {
    return await runInstaller(electron, limits, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runInstaller(
  electron: ElectronPackage,
  limits: FetchLimits,
  scratch: string,
): Promise<string | null> {
  const child = spawn(process.execPath, [electron.installer], {
    env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch, ELECTRON_GET_NO_PROGRESS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, 4096);
  });
  const ended = new Promise<'ended'>((resolve) => {
    child.on('close', () => resolve('ended'));
    child.on('error', () => resolve('ended'));
  });
  const began = performance.now();
  let alive = false;
  while ((await Promise.race([ended, sleep(200, 'waiting')])) === 'waiting') {
    alive ||= existsSync(electron.dist) || (await holdsBytes(scratch));
    const elapsed = performance.now() - began;
    if (elapsed < (alive ? limits.whole : limits.firstByte)) continue;
    child.kill('SIGKILL');
    await ended;
    return alive
      ? `its download took longer than ${limits.whole / 60_000} minutes`
      : `its download did not begin within ${limits.firstByte / 1000} s`;
  }
  if (electron.binary() !== null) return null;
  const firstLine = complaint.trim().split('\n')[0] ?? '';
  return firstLine === '' || firstLine.includes('fetch failed')
    ? 'its download cannot be reached from here'
    : `its installer said "${firstLine.slice(0, 120)}"`;
}

async function holdsBytes(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.some((entry) => entry.isFile());
}
