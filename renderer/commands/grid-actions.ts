import { StudioError, type StudioEvent } from '../../preload/contract/index.ts';
import { packMask } from '../generation/pack-mask.ts';
import { endedOf, type GridRun, readAxis, useGrid } from '../generation/grid-store.ts';
import { useGeneration } from '../generation/generation-store.ts';
import { announce } from '../state/status-store.ts';
import { download } from './download.ts';
import { explained } from './explained.ts';
import { takeFiles } from './files.ts';
import type { Workspace } from './workspace.ts';

/** Counts what was asked, so that an answer which comes late is not shown. */
let asked = 0;

/** Asks what the grid that is written would take, and why it cannot be made, if it cannot. */
export async function priceGrid(workspace: Workspace): Promise<void> {
  const number = ++asked;
  try {
    const grid = gridNow(workspace);
    const price = grid && (await workspace.link.request('generation.planGrid', grid.asked));
    if (number === asked) useGrid.setState({ price, refusal: null });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    const { message, remedy } = error;
    if (number === asked) useGrid.setState({ price: null, refusal: { message, remedy } });
  }
}

/** Starts the grid; its pictures come into the strip, its sheets into the dialog. */
export async function startGrid(workspace: Workspace): Promise<void> {
  const { link, generator } = workspace;
  await explained(async () => {
    const grid = gridNow(workspace);
    if (!grid) return;
    // What is told before the answer is here must not be missed.
    const early: StudioEvent[] = [];
    let take = (event: StudioEvent): void => void early.push(event);
    const stop = link.subscribe((event) => take(event));
    try {
      const { jobIds, ...labels } = await link.request('generation.grid', grid.asked);
      const mask = grid.press.mask && (await packMask(grid.press.mask));
      generator.adopt(jobIds, 'Grid', grid.press.frame, mask ?? undefined);
      useGrid.setState({ run: { ...labels, jobIds, made: {}, lost: [], drawn: null } });
      take = (event) => {
        if (follow(event, jobIds)) void finish(workspace, jobIds).finally(stop);
      };
      early.forEach((event) => take(event));
      announce(`A grid of ${jobIds.length} pictures: on its way.`);
    } catch (error) {
      stop();
      throw error;
    }
  });
}

/** Takes the pictures of the grid that have not begun out of the queue, and stops the one that has. */
export async function cancelGrid({ link }: Workspace): Promise<void> {
  const { run } = useGrid.getState();
  if (!run) return;
  const open = run.jobIds.filter((jobId) => !(jobId in run.made) && !run.lost.includes(jobId));
  await explained(async () => {
    for (const jobId of open.toReversed()) await link.request('generation.cancel', { jobId });
  });
}

/** Adds a sheet as a layer above the active one. */
export async function placeSheet(workspace: Workspace, index: number): Promise<void> {
  const file = sheetFile(index);
  if (file) await takeFiles(workspace, [file]);
}

/** Hands a sheet out as a file. */
export function saveSheet(index: number): void {
  const png = useGrid.getState().run?.drawn?.[index];
  if (png) download(sheetName(index), png, 'image/png');
}

/** Forgets the grid that was made; its pictures stay. */
export function forgetGrid(): void {
  useGrid.setState({ run: null });
}

function sheetFile(index: number): File | null {
  const png = useGrid.getState().run?.drawn?.[index];
  return png ? new File([new Uint8Array(png)], sheetName(index), { type: 'image/png' }) : null;
}

function sheetName(index: number): string {
  const several = (useGrid.getState().run?.sheets.length ?? 1) > 1;
  return several ? `Grid ${index + 1}.png` : 'Grid.png';
}

function gridNow({ generator }: Workspace) {
  const { axes } = useGrid.getState();
  const [x, y, z] = [readAxis(axes.x), readAxis(axes.y), readAxis(axes.z)];
  const press = generator.prepare();
  if (!press || x === undefined) return null;
  const { seed } = useGeneration.getState().form;
  return { press, asked: { base: { ...press.request, seed }, x, y, z } };
}

/** Notes what an event tells of the run; true when that was the last of it. */
function follow(event: StudioEvent, jobIds: readonly string[]): boolean {
  const { run } = useGrid.getState();
  if (event.name !== 'generation.finished' && event.name !== 'generation.failed') return false;
  const { jobId } = event.payload;
  if (!run || run.jobIds !== jobIds || !jobIds.includes(jobId)) return false;
  const next: GridRun =
    event.name === 'generation.finished'
      ? { ...run, made: { ...run.made, [jobId]: event.payload.result.resultId } }
      : { ...run, lost: [...run.lost, jobId] };
  useGrid.setState({ run: next });
  return endedOf(next) === jobIds.length;
}

async function finish({ link }: Workspace, jobIds: readonly string[]): Promise<void> {
  const { run } = useGrid.getState();
  if (!run || run.jobIds !== jobIds || Object.keys(run.made).length === 0) return;
  const { sheets, rows, columns, made } = run;
  const perSheet = rows.length * columns.length;
  await explained(async () => {
    const drawn: Uint8Array[] = [];
    for (const [i, title] of sheets.entries()) {
      const cells = jobIds.slice(i * perSheet, (i + 1) * perSheet).map((jobId) => made[jobId] ?? null);
      if (cells.every((cell) => cell === null)) continue;
      drawn.push(
        (await link.request('generation.sheet', { title, rows: [...rows], columns: [...columns], cells }))
          .png,
      );
    }
    if (useGrid.getState().run?.jobIds === jobIds) useGrid.setState({ run: { ...run, drawn } });
    announce('The grid is done.');
  });
}
