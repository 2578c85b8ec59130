import type Database from 'better-sqlite3';

/** What a ControlNet adds to an evaluation of the denoiser: it is its first half. */
export const CONTROL_SHARE = 0.4;
/** Seconds a pixel of drawing edges, on a machine where that was never timed. */
const GUESSED_FEATURES = 3e-7;
/** Newest runs that a median is taken over. */
const RUNS = 15;

/** What decides how long the stages of a run take. */
export interface RunKind {
  /** SHA-256 of the model, or its library id while it is not hashed yet. */
  readonly model: string;
  readonly device: string;
  readonly sampler: string;
  readonly width: number;
  readonly height: number;
  /** True when each step evaluates the network on prompt and negative prompt. */
  readonly guided: boolean;
  /** ControlNets that run beside an evaluation of the denoiser, on average over the run. */
  readonly controls: number;
}

/** Seconds that the stages of one run took. */
export interface StageSeconds {
  /** Loading the model; null when it was there already. */
  readonly load: number | null;
  /** Prompt and starting latent. */
  readonly prepare: number;
  /** One denoising step. */
  readonly step: number;
  readonly decode: number;
}

/** Medians of what runs took. `exact` is false when they were scaled from runs of another size or sampler. */
export interface StageEstimate extends StageSeconds {
  /** The value that 9 of 10 runs stayed below. */
  readonly slow: Omit<StageSeconds, 'load'>;
  readonly exact: boolean;
}

/** What earlier runs took, remembered across restarts. */
export interface StageTimes {
  readonly record: (kind: RunKind, seconds: StageSeconds) => void;
  /**
   * Medians over the newest runs of this kind; else the nearest other runs of the model on the device, scaled by
   * pixels; null when it never ran there.
   */
  readonly estimate: (kind: RunKind) => StageEstimate | null;
  /** Remembers what drawing edges or lines for a ControlNet took. */
  readonly recordFeatures: (prepare: string, pixels: number, seconds: number) => void;
  /** Seconds that drawing them will take: as the newest run by pixels, else a guess. */
  readonly featureSeconds: (prepare: string, pixels: number) => number;
}

interface Row {
  sampler: string;
  width: number;
  height: number;
  guided: number;
  controls: number;
  load_seconds: number | null;
  prepare_seconds: number;
  step_seconds: number;
  decode_seconds: number;
}

/** Keeps times in the `stage_times` table of `database`. */
export function openStageTimes(database: Database.Database): StageTimes {
  const insert = database.prepare(
    `INSERT INTO stage_times VALUES
       (@model, @device, @sampler, @width, @height, @guided, @load, @prepare, @step, @decode, @controls)`,
  );
  const forget = database.prepare(
    `DELETE FROM stage_times WHERE model = @model AND device = @device AND sampler = @sampler
       AND width = @width AND height = @height AND guided = @guided AND controls = @controls
       AND rowid NOT IN (SELECT rowid FROM stage_times WHERE model = @model AND device = @device
         AND sampler = @sampler AND width = @width AND height = @height AND guided = @guided
         AND controls = @controls ORDER BY rowid DESC LIMIT ${RUNS})`,
  );
  const ofModel = database.prepare<[string, string], Row>(
    'SELECT * FROM stage_times WHERE model = ? AND device = ? ORDER BY rowid DESC LIMIT 500',
  );
  const keepFeatures = database.prepare<[string, number]>(
    'INSERT OR REPLACE INTO feature_times VALUES (?, ?)',
  );
  const features = database.prepare<[string], { seconds_a_pixel: number }>(
    'SELECT seconds_a_pixel FROM feature_times WHERE prepare = ?',
  );
  return {
    recordFeatures: (prepare, pixels, seconds) =>
      void keepFeatures.run(prepare, seconds / Math.max(1, pixels)),
    featureSeconds: (prepare, pixels) =>
      prepare === 'as-is' ? 0 : pixels * (features.get(prepare)?.seconds_a_pixel ?? GUESSED_FEATURES),
    record: database.transaction((kind: RunKind, seconds: StageSeconds) => {
      const row = { ...kind, guided: Number(kind.guided), ...seconds };
      insert.run(row);
      forget.run(row);
    }),
    estimate(kind) {
      const rows = ofModel.all(kind.model, kind.device);
      const load = median(rows.flatMap((row) => row.load_seconds ?? []));
      const same = rows.filter((row) => isSame(row, kind)).slice(0, RUNS);
      if (same.length > 0) return { ...medians(same, kind), load, exact: true };
      const nearest = nearestSize(rows, kind);
      return nearest.length === 0 ? null : { ...medians(nearest, kind), load, exact: false };
    },
  };
}

function isSame(row: Row, kind: RunKind): boolean {
  return (
    row.width === kind.width &&
    row.height === kind.height &&
    row.sampler === kind.sampler &&
    row.guided === Number(kind.guided) &&
    row.controls === kind.controls
  );
}

function nearestSize(rows: readonly Row[], kind: RunKind): Row[] {
  const distance = (row: Row): number =>
    Math.abs(Math.log((row.width * row.height) / (kind.width * kind.height)));
  const closest = Math.min(...rows.map(distance));
  return rows.filter((row) => distance(row) === closest).slice(0, RUNS);
}

/** Medians of the runs as if each had had the size, guidance and ControlNets that are asked for. */
function medians(rows: readonly Row[], kind: RunKind): Omit<StageEstimate, 'load' | 'exact'> {
  const scaled = rows.map((row) => {
    const pixels = (kind.width * kind.height) / (row.width * row.height);
    const batch = (kind.guided ? 2 : 1) / (row.guided === 1 ? 2 : 1);
    const controls = (1 + CONTROL_SHARE * kind.controls) / (1 + CONTROL_SHARE * row.controls);
    return {
      prepare: row.prepare_seconds,
      step: row.step_seconds * pixels * batch * controls,
      decode: row.decode_seconds * pixels,
    };
  });
  const each = (of: (values: readonly number[]) => number | null) => ({
    prepare: of(scaled.map((run) => run.prepare)) ?? 0,
    step: of(scaled.map((run) => run.step)) ?? 0,
    decode: of(scaled.map((run) => run.decode)) ?? 0,
  });
  return { ...each(median), slow: each(ninthDecile) };
}

/** The smallest of the values that 9 in 10 do not exceed. */
function ninthDecile(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.ceil(0.9 * values.length) - 1] ?? null;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
