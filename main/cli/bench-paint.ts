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
 * brush of 100 px over many layers; once on the processor, once on the graphics card, or on one in software.
 *
 * @throws StudioError `bench/no-build`, `bench/no-browser`, `bench/strokes-unreadable`, `bench/not-ready`.
 */
export async function benchPaint(flags: BenchPaintFlags, signal: AbortSignal): Promise<Outcome> {
  const pen = (flags.strokes === undefined ? madeUpPen() : readPenRecording(flags.strokes)).slice(
    0,
    flags.events,
  );
  const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-'));
  try {
    mkdirSync(join(folder, 'documents'));
    mkdirSync(join(folder, 'data'));
    const ways = flags.canvas === 'both' ? (['cpu', 'gpu'] as const) : ([flags.canvas] as const);
    const runs = [];
    for (const canvas of ways) runs.push(await paintOnce(folder, canvas, flags, pen, signal));
    const head = `soft brush of ${SOFT_BRUSH.size} px, ${pen.length} readings${flags.strokes === undefined ? ' (made up)' : ''}`;
    return { text: [head, ...runs.map(describe)].join('\n'), json: { ...flags, runs } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tenths of a second that the last of a stroke is waited for. */
const PATIENCE = 300;

/** Which adapter a page gets, in words, and whether it is one in software. */
const ADAPTER = `navigator.gpu.requestAdapter().then((adapter) => {
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const words = [vendor, architecture, description].filter(Boolean).join(' ');
  return (words || 'unnamed') + (isFallbackAdapter || /swiftshader|llvmpipe/i.test(words) ? ', in software' : '');
})`;

interface Run {
  readonly canvas: string;
  /** What composited, where that was a GPU; empty otherwise. */
  readonly adapter: string;
  /** Edge of the document in pixels, and its layers. */
  readonly size: number;
  readonly layers: number;
  /** Readings that were replayed. */
  readonly readings: number;
  readonly events: number;
  readonly unseen: number;
  readonly dabsPerSecond: number;
  readonly work: Spread;
  readonly latency: Spread;
  readonly frames: number;
  readonly dropped: number;
  readonly peakMegabytes: number;
}

async function paintOnce(
  folder: string,
  canvas: 'cpu' | 'gpu',
  flags: BenchPaintFlags,
  pen: readonly PenReading[],
  signal: AbortSignal,
): Promise<Run> {
  const software = canvas === 'gpu' && !flags.hardware;
  const { size, layers } = flags;
  const path = join(folder, 'documents', `bench-${canvas}.impasto`);
  makeLayeredDocument(path, size, layers);
  writePageSettings(folder, path, canvas);
  const studio = await startStudio(folder);
  let page: HeadlessPage | null = null;
  try {
    page = await openHeadlessPage(studio.url, folder, software);
    await waitForCanvas(page, canvas, signal);
    await page.evaluate(PAGE_PROBE);
    const readings = await replayPen(page, pen, signal, flags.seconds);
    for (let i = 0; i < PATIENCE && (await page.evaluate('benchWaits()')) !== 0; i++) await sleep(100);
    const figures = (await page.evaluate('benchFigures()')) as PageFigures;
    const adapter = canvas === 'gpu' ? String(await page.evaluate(ADAPTER)) : '';
    const run = summarise(figures, pen.slice(0, readings), size, peakMemory(page.processId));
    return { ...run, adapter, size, layers, readings };
  } finally {
    page?.close();
    studio.child.kill();
    await sleep(300);
  }
}

/** Waits until the document is open, fitted, and wholly drawn by what was asked for: what opening costs is not painting. */
async function waitForCanvas(page: HeadlessPage, canvas: string, signal: AbortSignal): Promise<void> {
  for (let tries = 0; tries < 1800; tries++) {
    signal.throwIfAborted();
    const ready = await page
      .evaluate(
        `(() => { const c = document.querySelector('[data-testid=canvas]'); return c?.dataset.drawnBy === '${canvas}' && c.dataset.settled === 'true' && c.getAttribute('aria-label')?.startsWith('bench,'); })()`,
      )
      .catch(() => false);
    if (ready === true) {
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

function summarise(
  figures: PageFigures,
  pen: readonly PenReading[],
  size: number,
  peak: number,
): Omit<Run, 'adapter' | 'size' | 'layers' | 'readings'> {
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
    unseen: figures.unseen,
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
  size,
  layers,
  readings,
  events,
  unseen,
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
    `${canvas.toUpperCase()}${adapter && ` (${adapter})`}, ${size} px, ${layers} layers: ${readings} readings, ${events} events, ${dabsPerSecond} dabs/s; work ${ms(work)}; ` +
    `event to composited ${ms(latency)}${unseen > 0 ? `, ${unseen} never` : ''}; ${dropped} of ${frames + dropped} frames dropped; peak ${peakMegabytes} MB`
  );
}
