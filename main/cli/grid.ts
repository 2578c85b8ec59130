import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeRequest, GenerationRequest, ResultSummary } from '../../preload/contract/index.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { resultFile } from '../generation/result-store.ts';
import { type BaseFlags, baseRequest } from './base-request.ts';
import { batchFiles } from './batch-files.ts';
import { followJobs } from './follow-jobs.ts';
import { type CommandStudio, openStudio } from './open-studio.ts';
import { checkOutput, copyOutput } from './output-file.ts';
import type { GridAxis } from './parse-axis.ts';
import type { Outcome } from './run-action.ts';
import { drawSheet } from './sheet.ts';

/** The options of `impasto grid`. */
export interface GridFlags extends BaseFlags {
  x: GridAxis;
  y?: GridAxis;
  z?: GridAxis;
  cells?: string;
  out: string;
}

/** Most pictures of one grid. */
const MOST = 1024;
const SINGLE = [{ label: '', set: (request: GenerationRequest): GenerationRequest => request }] as const;

interface AxisValue {
  readonly label: string;
  readonly set: (request: GenerationRequest) => GenerationRequest;
}

/**
 * Makes a picture for each combination and draws the sheets.
 *
 * @throws StudioError when one cannot be made or written
 */
export async function grid(flags: GridFlags, signal: AbortSignal): Promise<Outcome> {
  const axes = [flags.x, flags.y, flags.z].map((axis) => (axis === undefined ? SINGLE : valuesOf(axis)));
  const [columns = SINGLE, rows = SINGLE, sheets = SINGLE] = axes;
  const count = columns.length * rows.length * sheets.length;
  if (count > MOST) {
    throw new StudioError(
      'cli/grid-size',
      `${count} pictures; ${MOST} fit. Nothing was started.`,
      'Leave some values out.',
    );
  }
  const files = batchFiles(flags.out, flags.z === undefined ? undefined : sheets.length, 0);
  for (const file of files) await checkOutput(file);
  if (flags.cells !== undefined) await mkdir(flags.cells, { recursive: true });
  const studio = await openStudio({ startWorker: true, cache: true });
  try {
    const base = await baseRequest(studio, flags);
    const requests = sheets.flatMap((sheet) =>
      rows.flatMap((row) => columns.map((column) => column.set(row.set(sheet.set(base))))),
    );
    const pictures = await followJobs(
      studio,
      async () => {
        const ids: string[] = [];
        for (const request of requests) {
          ids.push((await studio.request('generation.start', { ...request, lane: 'batch' })).jobId);
        }
        return ids;
      },
      signal,
    );
    const perSheet = columns.length * rows.length;
    for (const [i, sheet] of sheets.entries()) {
      const own = pictures.slice(i * perSheet, (i + 1) * perSheet);
      await drawSheet(files[i] ?? flags.out, {
        columns: columns.map(({ label }) => label),
        rows: rows.map(({ label }) => label),
        title: sheet.label,
        cells: own.map(({ resultId }) => resultFile(studio.dataFolder, resultId)),
      });
    }
    const cells = flags.cells === undefined ? [] : await copyCells(studio, flags.cells, pictures);
    const seconds = pictures.reduce((sum, picture) => sum + picture.seconds, 0);
    return {
      text: `${files.join(', ')}: ${count} pictures in ${seconds.toFixed(1)} s`,
      json: { sheets: files, cells, seconds, pictures },
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

function valuesOf({ setting, at, values }: GridAxis): AxisValue[] {
  const place = at === null ? '' : 'step' in at ? `@${at.step}` : `@${Math.round(at.share * 100)}%`;
  return values.map((value) => ({
    label: `${setting}${place} ${value}`,
    set: (request) => (at === null ? settle(request, setting, value) : change(request, setting, at, value)),
  }));
}

function settle(request: GenerationRequest, setting: string, value: string | number): GenerationRequest {
  if (setting !== 'strength') return { ...request, [setting]: value };
  if (request.init === null) {
    throw new StudioError(
      'cli/no-init',
      'There is no picture to start from whose strength could differ. Nothing was started.',
      'Take a picture --from that was made from another, or choose another axis.',
    );
  }
  return { ...request, init: { ...request.init, strength: Number(value) } };
}

function change(
  request: GenerationRequest,
  setting: string,
  at: NonNullable<GridAxis['at']>,
  value: string | number,
): GenerationRequest {
  const step = 'step' in at ? at.step : Math.min(request.steps - 1, Math.round(at.share * request.steps));
  const own: ChangeRequest =
    setting === 'noise' ? { step, noise: { seed: Number(value), theta: 90 } } : { step, [setting]: value };
  const changes = [...(request.changes ?? []), own].toSorted((a, b) => a.step - b.step);
  return { ...request, changes };
}
