import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../../preload/contract/index.ts';
import { FRAME_PROBE, type FrameFigures } from './bench/frame-probe.ts';
import { type HeadlessPage, openHeadlessPage } from './bench/headless-browser.ts';
import { PAGE_PROBE, type PageFigures } from './bench/page-probe.ts';
import { writePageSettings } from './bench/page-settings.ts';
import { madeUpPen } from './bench/pen-recording.ts';
import { type Spread, spreadOf } from './bench/percentile.ts';
import { pressKey } from './bench/press-key.ts';
import { replayPen } from './bench/replay-pen.ts';
import { makeSparseDocument } from './bench/sparse-document.ts';
import { peakMemory, startStudio } from './bench/studio-run.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto bench large`. */
export interface BenchLargeFlags {
  readonly size: number;
  readonly layers: number;
  /** Patches of paint a layer. */
  readonly patches: number;
  /** Paint that does not pack at all. */
  readonly noise: boolean;
  /** Megabytes that its pixels may take in the page; as the studio chooses unless told. */
  readonly memory?: string;
  readonly events: number;
}

const SETTLED = `document.querySelector('[data-testid=canvas]')?.dataset.settled === 'true'`;

/**
 * Opens a document as large as they get in the built studio, in a browser without a window of 1920 × 1080: how soon it is
 * seen, what panning, zooming and painting cost a frame, and what memory page and studio take.
 *
 * @throws StudioError `bench/no-build`, `bench/no-browser`, `bench/not-ready`.
 */
export async function benchLarge(flags: BenchLargeFlags, signal: AbortSignal): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-'));
  try {
    const path = join(folder, 'documents', 'large.impasto');
    mkdirSync(join(folder, 'documents'));
    mkdirSync(join(folder, 'data'));
    const tiles = makeSparseDocument(path, flags.size, flags.layers, flags.patches, flags.noise);
    writePageSettings(folder, path, 'cpu', flags.memory === undefined ? 'auto' : Number(flags.memory));
    const fileMegabytes = Math.round(statSync(path).size / 2 ** 20);
    const studio = await startStudio(folder);
    let page: HeadlessPage | null = null;
    try {
      page = await openHeadlessPage(studio.url, folder, false);
      await page.send('Page.enable');
      await page.send('Page.addScriptToEvaluateOnNewDocument', { source: FRAME_PROBE });
      // The first time there is no small picture in the file yet.
      await waitUntil(page, SETTLED, signal);
      await sleep(8000);
      await page.send('Page.reload');
      await sleep(500);
      await waitUntil(page, SETTLED, signal);
      const opened = (await page.evaluate('benchFrames()')) as FrameFigures;
      const moving = await moveAbout(page, signal);
      const painting = await paint(page, flags.events, signal);
      const megabytes = {
        page: Math.round(peakMemory(page.processId)),
        studio: Math.round(peakMemory(studio.child.pid ?? 0)),
      };
      const figures = { ...flags, tiles, fileMegabytes, opened, moving, painting, megabytes };
      return { text: describe(figures), json: figures };
    } finally {
      page?.close();
      studio.child.kill();
      await sleep(300);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function waitUntil(page: HeadlessPage, expression: string, signal: AbortSignal): Promise<void> {
  for (let tries = 0; tries < 6000; tries++) {
    signal.throwIfAborted();
    if ((await page.evaluate(expression).catch(() => false)) === true) return;
    await sleep(100);
  }
  throw new StudioError(
    'bench/not-ready',
    'The document was not drawn within ten minutes.',
    'Try a smaller --size, or fewer layers.',
  );
}

/** Zooms in at the middle to 100%, pans about, zooms out again. */
async function moveAbout(page: HeadlessPage, signal: AbortSignal): Promise<Spread & { frames: number }> {
  const wheel = (deltaX: number, deltaY: number): Promise<unknown> =>
    page.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 900, y: 500, deltaX, deltaY });
  await page.evaluate('benchFrames()');
  for (let i = 0; i < 24; i++) await step(() => wheel(0, -60));
  for (let i = 0; i < 60; i++) await step(() => wheel(60.5, (i % 20) - 9.5));
  for (let i = 0; i < 24; i++) await step(() => wheel(0, 60));
  await waitUntil(page, SETTLED, signal);
  const { frames } = (await page.evaluate('benchFrames()')) as FrameFigures;
  return { ...spreadOf(frames), frames: frames.length };
}

async function step(act: () => Promise<unknown>): Promise<void> {
  await act();
  await sleep(16);
}

/** Paints at 100%. */
async function paint(
  page: HeadlessPage,
  events: number,
  signal: AbortSignal,
): Promise<{ events: number; work: Spread; latency: Spread; dropped: number }> {
  await pressKey(page, '1', 'Digit1');
  await waitUntil(page, SETTLED, signal);
  await sleep(2000);
  await page.evaluate(PAGE_PROBE);
  await replayPen(page, madeUpPen().slice(0, events), signal);
  const figures = (await page.evaluate('benchFigures()')) as PageFigures;
  return {
    events: figures.events,
    work: spreadOf(figures.work),
    latency: spreadOf(figures.latency),
    dropped: figures.dropped,
  };
}

interface Figures extends BenchLargeFlags {
  readonly tiles: number;
  readonly fileMegabytes: number;
  readonly opened: FrameFigures;
  readonly moving: Spread & { readonly frames: number };
  readonly painting: Awaited<ReturnType<typeof paint>>;
  readonly megabytes: { readonly page: number; readonly studio: number };
}

function describe({
  size,
  layers,
  noise,
  tiles,
  fileMegabytes,
  opened,
  moving,
  painting,
  megabytes,
}: Figures): string {
  const ms = ({ p50, p99 }: Spread): string => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  const seconds = (value: number): string => `${(value / 1000).toFixed(2)} s`;
  return [
    `${size} × ${size} px, ${layers} layers, ${tiles} tiles of ${noise ? 'noise' : 'paint'} (${Math.round(tiles / 4)} MB, ${fileMegabytes} MB in the file)`,
    `opened: seen after ${seconds(opened.seen)}, to be painted on after ${seconds(opened.ready)}, sharp after ${seconds(opened.sharp)}`,
    `zooming and panning: ${ms(moving)} of script a frame, ${moving.frames} frames`,
    `painting at 100%: ${painting.events} events; work ${ms(painting.work)}; event to composited ${ms(painting.latency)}; ${painting.dropped} frames dropped`,
    `peak memory: page ${megabytes.page} MB, studio ${megabytes.studio} MB`,
  ].join('\n');
}
