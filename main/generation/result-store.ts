import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import {
  type Raster,
  type Recipe,
  recipeSchema,
  type ResultSummary,
  StudioError,
} from '../../preload/contract/index.ts';
import { readRecipes } from '../documents/png-recipe.ts';
import { decodePicture, encodePng, pngSize } from '../documents/png.ts';
import { writeDurably } from '../storage/write-durably.ts';
import { canonicalHash, canonicalJson } from './canonical-json.ts';

/** A picture half written by a process that died is taken away after this many milliseconds. */
const STALE_AFTER = 3_600_000;

/** Bytes of pixels up to which the newest picture stays at hand for whoever is told of it. */
const AT_HAND = 64 * 1024 * 1024;

/** A finished picture that is to be kept. */
export interface FinishedPicture {
  readonly jobId: string;
  readonly recipe: Recipe;
  /** Its pixels, or the PNG file that this store made of the same recipe and pixels before. */
  readonly raster: Raster | { readonly png: Uint8Array };
  /** Wall time of the whole job in seconds. */
  readonly seconds: number;
}

/** Finished pictures on disk: lossless PNGs with their recipes inside, and an index of them. */
export interface ResultStore {
  /**
   * Writes a picture and its index entry; both are on disk when this resolves.
   * @throws StudioError `generation/result-unwritable`
   */
  readonly keep: (picture: FinishedPicture) => Promise<ResultSummary>;
  /** Newest first; entries whose file was taken away are left out. */
  readonly list: (limit: number) => ResultSummary[];
  /** @throws StudioError `generation/result-missing` */
  readonly read: (resultId: string) => Promise<{ summary: ResultSummary; raster: Raster }>;
  /** The PNG file's bytes as they were kept. @throws StudioError `generation/result-missing` */
  readonly readPng: (resultId: string) => Promise<Uint8Array>;
  readonly count: () => number;
}

interface Row {
  result_id: string;
  job_id: string;
  recipe: string;
  width: number;
  height: number;
  seconds: number;
  created: number;
}

/** Where results lie under the studio's data folder. */
export function resultsFolder(dataFolder: string): string {
  return join(dataFolder, 'results');
}

/** The PNG file of one result. */
export function resultFile(dataFolder: string, resultId: string): string {
  return join(resultsFolder(dataFolder), `${resultId}.png`);
}

/**
 * The results under `folder`, indexed in `database`. Pictures that a process wrote but did not live to index are
 * taken in from their own recipes.
 */
export function openResultStore(folder: string, database: Database.Database): ResultStore {
  mkdirSync(folder, { recursive: true });
  const insert = database.prepare<Row>(
    `INSERT OR IGNORE INTO results VALUES
       (@result_id, @job_id, @recipe, @width, @height, @seconds, @created)`,
  );
  const newest = database.prepare<[number], Row>('SELECT * FROM results ORDER BY created DESC LIMIT ?');
  const byId = database.prepare<[string], Row>('SELECT * FROM results WHERE result_id = ?');
  const total = database.prepare<[], { n: number }>('SELECT count(*) AS n FROM results');
  const fileOf = (resultId: string): string => join(folder, `${resultId}.png`);
  adoptOrphans(
    folder,
    (resultId) => byId.get(resultId) !== undefined,
    (row) => insert.run(row),
  );

  const summaryOf = (resultId: string): ResultSummary => {
    const row = byId.get(resultId);
    if (row === undefined || !existsSync(fileOf(resultId))) throw missing(resultId);
    return toSummary(row);
  };
  let newestKept: ReturnType<typeof atHand> = null;
  const readPng = async (resultId: string): Promise<Uint8Array> => {
    summaryOf(resultId);
    if (newestKept?.resultId === resultId) return newestKept.png;
    return readFile(fileOf(resultId));
  };

  return {
    async keep({ jobId, recipe, raster, seconds }) {
      const created = Date.now();
      const resultId = nameOf(recipe, created);
      // The recipe's size is the one that was worked at, which a local edit's picture is larger than.
      const { width, height } = 'png' in raster ? pngSize(raster.png) : raster;
      try {
        const png = 'png' in raster ? raster.png : await encodePng(raster, [{ layer: null, recipe }]);
        await writeDurably(fileOf(resultId), [png]);
        newestKept = atHand(resultId, png, 'png' in raster ? null : raster);
        const row: Row = {
          result_id: resultId,
          job_id: jobId,
          recipe: canonicalJson(recipe),
          width,
          height,
          seconds,
          created,
        };
        insert.run(row);
        return toSummary(row);
      } catch (error) {
        throw unwritable(folder, error);
      }
    },
    list(limit) {
      return newest
        .all(limit)
        .filter((row) => existsSync(fileOf(row.result_id)))
        .map(toSummary);
    },
    async read(resultId) {
      const summary = summaryOf(resultId);
      if (newestKept?.resultId === resultId && newestKept.raster !== null) {
        return { summary, raster: newestKept.raster };
      }
      const raster = await decodePicture(await readPng(resultId), `The result ${resultId}`);
      return { summary, raster };
    },
    readPng,
    count: () => total.get()?.n ?? 0,
  };
}

function atHand(resultId: string, png: Uint8Array, raster: Raster | null) {
  const bytes = png.byteLength + (raster?.rgba.byteLength ?? 0);
  return bytes <= AT_HAND ? { resultId, png, raster } : null;
}

/** Sorts by time, names its recipe, and never meets another's. */
function nameOf(recipe: Recipe, created: number): string {
  const time = new Date(created).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return `${time}-${canonicalHash(recipe).slice(0, 12)}-${randomBytes(4).toString('hex')}`;
}

function toSummary(row: Row): ResultSummary {
  return {
    resultId: row.result_id,
    jobId: row.job_id,
    recipe: recipeSchema.parse(JSON.parse(row.recipe)),
    width: row.width,
    height: row.height,
    seconds: row.seconds,
    created: row.created,
  };
}

function adoptOrphans(folder: string, known: (resultId: string) => boolean, adopt: (row: Row) => void): void {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (entry.endsWith('.part')) {
      if (Date.now() - statSync(path).mtimeMs > STALE_AFTER) unlinkSync(path);
      continue;
    }
    const resultId = /^([0-9a-zA-Z-]{1,64})\.png$/.exec(entry)?.[1];
    if (resultId === undefined || known(resultId)) continue;
    const png = readFileSync(path);
    const recipe = readRecipes(png).find((note) => note.layer === null)?.recipe;
    if (recipe === undefined) continue;
    adopt({
      result_id: resultId,
      job_id: resultId,
      recipe: canonicalJson(recipe),
      ...pngSize(png),
      seconds: 0,
      created: statSync(path).mtimeMs,
    });
  }
}

function missing(resultId: string): StudioError {
  return new StudioError(
    'generation/result-missing',
    `The result ${resultId} is not on disk any more.`,
    'Make it again from its recipe, or choose another.',
  );
}

function unwritable(folder: string, error: unknown): StudioError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StudioError(
    'generation/result-unwritable',
    `The picture is finished but cannot be kept in ${folder}: ${reason}. Earlier results are untouched.`,
    'Free some space or make the folder writable, then run the same settings and seed again.',
  );
}
