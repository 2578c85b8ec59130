import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const GIB = 1024 ** 3;

const limitsSchema = z.object({
  /** GiB of finished pictures and of states and the like on disk. */
  pictures: z.number().min(0).max(10_000),
  stages: z.number().min(0).max(10_000),
  /** GiB of states and the like in memory. */
  memory: z.number().min(0).max(1000),
  /** Days without use after which an entry goes; null: none does. */
  maxAgeDays: z.number().min(1).max(10_000).nullable(),
});
/** What the cache may hold. */
export type CacheLimits = z.infer<typeof limitsSchema>;

const DEFAULTS: CacheLimits = { pictures: 2, stages: 2, memory: 0.25, maxAgeDays: null };

const fileOf = (dataFolder: string): string => join(dataFolder, 'cache', 'limits.json');

/** The limits that were set for a data folder, else the usual ones. */
export function readCacheLimits(dataFolder: string): CacheLimits {
  try {
    return limitsSchema.parse(JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')));
  } catch {
    return DEFAULTS;
  }
}

/** Sets limits; a studio that is open takes them when it starts again. */
export async function writeCacheLimits(dataFolder: string, limits: CacheLimits): Promise<void> {
  await mkdir(join(dataFolder, 'cache'), { recursive: true });
  await writeFile(fileOf(dataFolder), `${JSON.stringify(limitsSchema.parse(limits))}\n`);
}

/** Bytes and entries of one kind on disk. */
export async function measureCache(
  dataFolder: string,
  kind: 'pictures' | 'stages',
): Promise<{ bytes: number; entries: number }> {
  const folder = join(dataFolder, 'cache', kind);
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return { bytes: sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0), entries: names.length };
}

/** Takes everything away that can be computed again; results and their inputs stay. */
export async function clearCache(dataFolder: string): Promise<void> {
  for (const kind of ['pictures', 'stages']) {
    await rm(join(dataFolder, 'cache', kind), { recursive: true, force: true });
  }
}

/** GiB in bytes. */
export function gibibytes(count: number): number {
  return Math.round(count * GIB);
}
