import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../../preload/contract/index.ts';
import { type HeadlessPage, openHeadlessPage } from './bench/headless-browser.ts';
import { makeLayeredDocument } from './bench/layered-document.ts';
import { PAGE_PROBE, type PageFigures } from './bench/page-probe.ts';
import { SOFT_BRUSH, writePageSettings } from './bench/page-settings.ts';
import { type Spread, spreadOf } from './bench/percentile.ts';
import { madeUpPen, type PenReading, readPenRecording } from './bench/pen-recording.ts';
import { pressKey } from './bench/press-key.ts';
import { replayPen } from './bench/replay-pen.ts';
import { peakMemory, startStudio } from './bench/studio-run.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto bench paint`. */
export interface BenchPaintFlags {
  /** A recording of a pen; made-up spirals when left out. */
  readonly strokes?: string;
  readonly size: number;
  readonly layers: number;
  readonly events: number;
  readonly canvas: 'cpu' | 'gpu' | 'both';
  /** Seconds after which a replay ends; what it covered is said. */
  readonly seconds: number;
  /** Asks the browser for the graphics card instead of its own adapter in software. */
  readonly hardware: boolean;
}

/** Share of the diameter between two dabs of that brush. */
const SPACING = 0.1;

/**
 * Paints in the built studio, in a browser without a window of 1920 × 1080, with a recorded pen at its own pace: a soft
 * brush of 100 px over many layers; once on the processor, once on the graphics card. A graphics card in software takes minutes for
 * all of a large picture, so there the part of it is painted on that is seen at 100%.
 *
 * @throws StudioError `bench/no-build`, `bench/no-browser`, `bench/strokes-unreadable`.
 */
export async function benchPaint(flags: BenchPaintFlags, signal: AbortSignal): Promise<Outcome> {
  const pen = (flags.strokes === undefined ? madeUpPen() : readPenRecording(flags.strokes)).slice(
    0,
    flags.events,
  );
  const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-'));
  try {
    const path = join(folder, 'documents', 'bench.impasto');
    mkdirSync(join(folder, 'documents'));
    mkdirSync(join(folder, 'data'));
    makeLayeredDocument(path, flags.size, flags.layers);
    const ways = flags.canvas === 'both' ? (['cpu', 'gpu'] as const) : ([flags.canvas] as const);
    const runs = [];
    for (const canvas of ways) runs.push(await paintOnce(folder, path, canvas, flags, pen, signal));
    const head = `${flags.size} px, ${flags.layers} layers, soft brush of ${SOFT_BRUSH.size} px, ${pen.length} readings${flags.strokes === undefined ? ' (made up)' : ''}`;
    return { text: [head, ...runs.map(describe)].join('\n'), json: { ...flags, runs } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const IN_SOFTWARE = ', in software';

/** Pixels of the document along the shorter edge of the canvas at 100%, about. */
const VIEW = 900;

/** Which adapter a page gets, in words, and whether it is one in software. */
const ADAPTER = `navigator.gpu.requestAdapter().then((adapter) => {
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const words = [vendor, architecture, description].filter(Boolean).join(' ');
  return (words || 'unnamed') + (isFallbackAdapter || /swiftshader|llvmpipe/i.test(words) ? '${IN_SOFTWARE}' : '');
})`;

interface Run {
  readonly canvas: string;
  /** What composited, where that was a GPU; empty otherwise. */
  readonly adapter: string;
  /** Percent at which the picture was seen; null where all of it was. */
  readonly zoom: number | null;
  /** Readings that were replayed. */
  readonly readings: number;
  readonly events: number;
  readonly dabsPerSecond: number;
  readonly work: Spread;
  readonly latency: Spread;
  readonly frames: number;
  readonly dropped: number;
  readonly peakMegabytes: number;
}

async function paintOnce(
  folder: string,
  path: string,
  canvas: 'cpu' | 'gpu',
  flags: BenchPaintFlags,
  pen: readonly PenReading[],
  signal: AbortSignal,
): Promise<Run> {
  writePageSettings(folder, path, canvas);
  const studio = await startStudio(folder);
  let page: HeadlessPage | null = null;
  try {
    page = await openHeadlessPage(studio.url, folder, canvas === 'gpu' && !flags.hardware);
    const adapter = canvas === 'gpu' ? String(await page.evaluate(ADAPTER)) : '';
    const zoom = adapter.endsWith(IN_SOFTWARE) ? 100 : null;
    await waitForCanvas(page, canvas, zoom, signal);
    await page.evaluate(PAGE_PROBE);
    const readings = await replayPen(page, pen, signal, flags.seconds);
    const figures = (await page.evaluate('benchFigures()')) as PageFigures;
    const seen = zoom === null ? flags.size : VIEW;
    const run = summarise(figures, pen.slice(0, readings), seen, peakMemory(page.processId));
    return { ...run, adapter, zoom, readings };
  } finally {
    page?.close();
    studio.child.kill();
    await sleep(300);
  }
}

/**
 * Waits until the document is open and what is seen of it wholly drawn by what was asked for: what opening costs is not painting.
 * @param zoom percent to be seen at; null for all of it.
 */
async function waitForCanvas(
  page: HeadlessPage,
  canvas: string,
  zoom: number | null,
  signal: AbortSignal,
): Promise<void> {
  const shown = `document.querySelector('[data-testid=canvas]')`;
  const opened = `${shown}?.getAttribute('aria-label')?.startsWith('bench,') && ${shown}.dataset.drawnBy === '${canvas}'`;
  const zoomed = zoom === null ? 'true' : `${shown}.getAttribute('aria-label').includes(', ${zoom}%')`;
  let asked = false;
  for (let tries = 0; tries < 1800; tries++) {
    signal.throwIfAborted();
    if (zoom !== null && !asked && (await truthOf(page, opened))) {
      asked = true;
      await pressKey(page, '1', 'Digit1');
    }
    if (await truthOf(page, `${opened} && ${shown}.dataset.settled === 'true' && ${zoomed}`)) {
      await sleep(2000);
      return;
    }
    await sleep(100);
  }
  throw new StudioError(
    'bench/not-ready',
    `The canvas was not drawn by the ${canvas.toUpperCase()} within three minutes.`,
    canvas === 'gpu' ? 'This browser may have no WebGPU; try --canvas cpu.' : 'Try fewer layers.',
  );
}

async function truthOf(page: HeadlessPage, expression: string): Promise<boolean> {
  return (await page.evaluate(expression).catch(() => false)) === true;
}

function summarise(
  figures: PageFigures,
  pen: readonly PenReading[],
  size: number,
  peak: number,
): Omit<Run, 'adapter' | 'zoom' | 'readings'> {
  let length = 0;
  let seconds = 0;
  pen.slice(1).forEach((reading, index) => {
    const before = pen[index];
    if (!before || before.pressure === 0 || reading.pressure === 0) return;
    length += Math.hypot(reading.x - before.x, reading.y - before.y) * size;
    seconds += (reading.time - before.time) / 1000;
  });
  const busy = figures.work.reduce((sum, value) => sum + value, 0) / 1000;
  const dabs = length / (SOFT_BRUSH.size * SPACING);
  return {
    canvas: figures.drawnBy,
    events: figures.events,
    // What the page could do if the pen never paused: dabs by the seconds it was busy with them.
    dabsPerSecond: Math.round(dabs / Math.max(1e-9, Math.min(busy, seconds))),
    work: spreadOf(figures.work),
    latency: spreadOf(figures.latency),
    frames: figures.frames,
    dropped: figures.dropped,
    peakMegabytes: Math.round(peak),
  };
}

function describe({
  canvas,
  adapter,
  zoom,
  readings,
  events,
  dabsPerSecond,
  work,
  latency,
  frames,
  dropped,
  peakMegabytes,
}: Run): string {
  const ms = ({ p50, p99 }: { p50: number; p99: number }): string =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  return (
    `${canvas.toUpperCase()}${adapter && ` (${adapter})`}${zoom === null ? '' : `, seen at ${zoom}%`}: ${readings} readings, ${events} events, ${dabsPerSecond} dabs/s; work ${ms(work)}; ` +
    `event to composited ${ms(latency)}; ${dropped} of ${frames + dropped} frames dropped; peak ${peakMegabytes} MB`
  );
}
