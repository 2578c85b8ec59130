import { create } from 'zustand';
import {
  GRID_CHANGES,
  GRID_SETTINGS,
  GRID_WORDS,
  type GridAxis,
  type RequestResult,
  StudioError,
} from '../../preload/contract/index.ts';

/** The axes of a grid: columns, rows, sheets. */
export const AXES = ['x', 'y', 'z'] as const;
export type AxisName = (typeof AXES)[number];
export type GridSetting = GridAxis['setting'];

/** An axis as it is being written. */
export interface AxisDraft {
  /** Null: the grid has no such axis. */
  readonly setting: GridSetting | null;
  /** Percent of the steps that are done before it differs; 0: from the beginning. */
  readonly from: number;
  /** Values with commas between them. */
  readonly values: string;
}

/** A grid that was started. */
export interface GridRun {
  readonly jobIds: readonly string[];
  readonly sheets: readonly string[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Results by job, and jobs that ended without one. */
  readonly made: Readonly<Record<string, string>>;
  readonly lost: readonly string[];
  /** One PNG file for each sheet, once every job has ended. */
  readonly drawn: readonly Uint8Array[] | null;
}

interface GridState {
  readonly axes: Readonly<Record<AxisName, AxisDraft>>;
  readonly price: RequestResult<'generation.planGrid'> | null;
  /** Why the grid cannot be started. */
  readonly refusal: { readonly message: string; readonly remedy: string } | null;
  readonly run: GridRun | null;
}

/** The grid that is being asked for, and the one that was started last. */
export const useGrid = create<GridState>()(() => ({
  axes: {
    x: { setting: 'seed', from: 0, values: '1, 2, 3' },
    y: { setting: null, from: 0, values: '' },
    z: { setting: null, from: 0, values: '' },
  },
  price: null,
  refusal: null,
  run: null,
}));

/** Changes what is written of an axis; its price has to be asked for again. */
export function changeAxis(name: AxisName, change: Partial<AxisDraft>): void {
  useGrid.setState(({ axes }) => ({ axes: { ...axes, [name]: { ...axes[name], ...change } }, price: null }));
}

/** Whether a setting can differ from a step on, so that its pictures share what comes before. */
export function canDifferLater(setting: GridSetting): boolean {
  return GRID_CHANGES.some((one) => one === setting);
}

/** Whether a setting can differ from the beginning of a run. */
export function canDifferAtOnce(setting: GridSetting): boolean {
  return GRID_SETTINGS.some((one) => one === setting);
}

/**
 * An axis as the studio takes it; undefined where there is none.
 * @throws StudioError `generation/grid-value` for a word where a number is wanted, and for no value at all
 */
export function readAxis({ setting, from, values }: AxisDraft): GridAxis | undefined {
  if (setting === null) return undefined;
  const words = GRID_WORDS.includes(setting);
  const texts = values
    .split(/(?<!\\),|\n/)
    .map((text) => text.replaceAll('\\,', ',').trim())
    .filter((text) => text !== '');
  const wrong = words ? undefined : texts.find((text) => !Number.isFinite(Number(text)));
  if (texts.length === 0 || wrong !== undefined) {
    throw new StudioError(
      'generation/grid-value',
      wrong === undefined ? 'An axis has no values.' : `"${wrong.slice(0, 40)}" is not a number.`,
      'Write values with commas between them.',
    );
  }
  const at = from > 0 && canDifferLater(setting) ? { share: from / 100 } : null;
  return { setting, at, values: words ? texts : texts.map(Number) };
}

/** Jobs of a run that have ended, one way or the other. */
export function endedOf({ made, lost }: GridRun): number {
  return Object.keys(made).length + lost.length;
}
