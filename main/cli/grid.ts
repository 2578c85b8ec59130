import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GridAxis, ResultSummary } from '../../preload/contract/index.ts';
import { resultFile } from '../generation/result-store.ts';
import { writeDurably } from '../storage/write-durably.ts';
import { type BaseFlags, baseRequest } from './base-request.ts';
import { batchFiles } from './batch-files.ts';
import { followJobs } from './follow-jobs.ts';
import { type CommandStudio, openStudio } from './open-studio.ts';
import { checkOutput, copyOutput } from './output-file.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto grid`. */
export interface GridFlags extends BaseFlags {
  x: GridAxis;
  y?: GridAxis;
  z?: GridAxis;
  cells?: string;
  out: string;
}

/**
 * Makes a picture for each combination and draws the sheets.
 *
 * @throws StudioError when one cannot be made or written
 */
export async function grid(flags: GridFlags, signal: AbortSignal): Promise<Outcome> {
  const files = batchFiles(flags.out, flags.z?.values.length, 0);
  for (const file of files) await checkOutput(file);
  if (flags.cells !== undefined) await mkdir(flags.cells, { recursive: true });
  const studio = await openStudio({ startWorker: true, cache: true });
  try {
    const asked = { base: await baseRequest(studio, flags), x: flags.x, y: flags.y, z: flags.z };
    const price = await studio.request('generation.planGrid', asked);
    const { sheets, rows, columns } = price;
    const pictures = await followJobs(
      studio,
      async () => (await studio.request('generation.grid', asked)).jobIds,
      signal,
    );
    const perSheet = columns.length * rows.length;
    for (const [i, title] of sheets.entries()) {
      const own = pictures.slice(i * perSheet, (i + 1) * perSheet);
      const cells = own.map(({ resultId }) => resultId);
      const { png } = await studio.request('generation.sheet', { title, rows, columns, cells });
      await writeDurably(files[i] ?? flags.out, [png]);
    }
    const cells = flags.cells === undefined ? [] : await copyCells(studio, flags.cells, pictures);
    const seconds = pictures.reduce((sum, picture) => sum + picture.seconds, 0);
    const { savedSeconds } = price;
    return {
      text: `${files.join(', ')}: ${pictures.length} pictures in ${seconds.toFixed(1)} s, ${savedSeconds.toFixed(1)} s saved by what they share`,
      json: { sheets: files, cells, seconds, savedSeconds, pictures },
    };
  } finally {
    await studio.close();
  }
}

async function copyCells(
  studio: CommandStudio,
  folder: string,
  pictures: readonly ResultSummary[],
): Promise<string[]> {
  const digits = String(pictures.length).length;
  const files: string[] = [];
  for (const [i, { resultId }] of pictures.entries()) {
    const file = join(folder, `cell-${String(i + 1).padStart(digits, '0')}.png`);
    await copyOutput(resultFile(studio.dataFolder, resultId), file);
    files.push(file);
  }
  return files;
}
