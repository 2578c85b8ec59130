import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brushWith, type Sample } from '../../renderer/engine/brush/brush.ts';
import { beginStroke, type Stroke } from '../../renderer/engine/brush/stroke.ts';
import { CpuCompositor } from '../../renderer/engine/compositor/cpu.ts';
import { LevelRenderer, levelForZoom } from '../../renderer/engine/compositor/level-renderer.ts';
import { PaintDocument } from '../../renderer/engine/document.ts';
import { intersectRect, isEmptyRect, type Rect } from '../../renderer/engine/geometry/rect.ts';
import { History } from '../../renderer/engine/history/history.ts';
import { layerMask } from '../../renderer/engine/layers/layer-mask.ts';
import { layerRecord } from '../../renderer/engine/layers/layer-record.ts';
import { TILE_SIZE, tileRange } from '../../renderer/engine/tiles/tile.ts';

/**
 * Replays a recorded pen on a large document and prints how long a pen event takes to be on the screen's pixels.
 * `node test/bench/paint.ts [--json] [--events=N]`; without the recording it draws spirals of the same length.
 */
const SIZE = 4096;
const LAYERS = 50;
const VIEWPORT = { width: 1920, height: 1080 };
const BRUSH = brushWith({
  size: 100,
  hardness: 0,
  spacing: 0.1,
  flow: 0.5,
  stabiliser: 1,
  dynamics: {
    size: [
      {
        sensor: 'pressure',
        curve: [
          [0, 0.2],
          [1, 1],
        ],
      },
    ],
  },
});

function readPen(): Sample[] {
  const folder =
    process.env['IMPASTO_REFERENCE'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
  const path = `${folder}/assets/strokes/painting30sec.dat`;
  const still = { tiltX: 0, tiltY: 0, twist: 0 };
  if (!existsSync(path)) {
    console.error('The recorded pen is missing: spirals instead.');
    return Array.from({ length: 2900 }, (_, i) => {
      const turn = i / 30;
      const radius = 300 + (i % 290) * 5;
      return {
        x: 2048 + radius * Math.cos(turn),
        y: 2048 + radius * Math.sin(turn),
        pressure: i % 290 < 260 ? 0.6 : 0,
        time: i * 8,
        ...still,
      };
    });
  }
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u).map(Number));
  return rows.map(([time = 0, x = 0, y = 0, pressure = 0]) => ({
    x: ((x - 150) / 680) * SIZE,
    y: ((y - 40) / 600) * SIZE,
    pressure,
    time: time * 1000,
    ...still,
  }));
}

/**
 * Fifty layers with something everywhere, every tenth of another mode than normal. Tiles are shared, so memory stays
 * small and the work does not.
 */
function buildDocument(): PaintDocument {
  const modes = ['multiply', 'screen', 'overlay'] as const;
  const layers = Array.from({ length: LAYERS }, (_, i) =>
    layerRecord({
      id: `layer-${i}`,
      opacity: 0.9,
      blend: (i % 10 === 4 ? modes[Math.floor(i / 10) % 3] : null) ?? 'normal',
    }),
  );
  const document = new PaintDocument(SIZE, SIZE, layers);
  const edge = SIZE / TILE_SIZE;
  for (let layer = 0; layer < LAYERS; layer++) {
    const data = new Uint8Array(TILE_SIZE * TILE_SIZE * 4).map(
      (_, i) => (i * 2654435761 * (layer + 1)) >>> 24,
    );
    const tiles = Array.from({ length: edge * edge }, (_, i) => ({
      x: i % edge,
      y: Math.floor(i / edge),
      data,
    }));
    document.apply([{ type: 'tiles', layerId: `layer-${layer}`, tiles }]);
  }
  return document;
}

/** Milliseconds of CPU that this process has used: on a shared machine the clock also counts what others do. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Figures {
  readonly events: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  readonly cpuP50: number;
  readonly cpuP99: number;
  readonly eventsPerSecond: number;
  readonly commitP50: number;
  readonly overFrame: number;
  /** Milliseconds of CPU of the longest tile but one in a hundred: what a frame's share cannot cut. */
  readonly tileP99: number;
}

/** What is painted on: a layer's pixels, or its mask with so soft an edge, in pixels. */
interface Painted {
  readonly feather?: number;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The part of the document that a window shows: all of it when zoomed out far enough, else what is about the pen. */
function windowAbout(pen: Sample, zoom: number): Rect {
  const width = Math.ceil(VIEWPORT.width / zoom);
  const height = Math.ceil(VIEWPORT.height / zoom);
  return { x: Math.floor(pen.x - width / 2), y: Math.floor(pen.y - height / 2), width, height };
}

function replay(
  pen: readonly Sample[],
  zoom: number,
  kept: boolean,
  warmed = false,
  { feather }: Painted = {},
): Figures {
  const document = buildDocument();
  const history = new History(document);
  const compositor = new CpuCompositor(document, warmed ? { cacheBytes: 2 ** 31 } : {});
  const layerId = `layer-${LAYERS / 2}`;
  if (feather !== undefined) {
    const mask = { ...layerMask(1), feather };
    document.apply([{ type: 'layer-props', layerId, props: { mask } }]);
  }
  const plane = feather === undefined ? 'pixels' : 'mask';
  if (kept) compositor.setActiveLayer(layerId);
  const levels = new LevelRenderer(compositor, () => document.canvas, compositor.followDamage());
  const level = levelForZoom(zoom);
  const times: number[] = [];
  const cpu: number[] = [];
  const commits: number[] = [];
  const tiles: number[] = [];
  let stroke: Stroke | null = null;
  const drawAll = (rect: Rect): void => {
    if (isEmptyRect(rect)) return;
    const range = tileRange(rect);
    for (let ty = range.y0; ty < range.y1; ty++)
      for (let tx = range.x0; tx < range.x1; tx++) {
        const before = cpuTime();
        levels.draw(level, tx, ty, rect);
        tiles.push(cpuTime() - before);
      }
  };
  const show = (sample: Sample): void => {
    const view = windowAbout(sample, zoom);
    for (const rect of compositor.takeDamage()) drawAll(intersectRect(rect, view));
  };
  // What is on the screen before the pen comes down is not the pen's time.
  if (kept) drawAll(document.canvas);
  compositor.takeDamage();
  if (warmed) compositor.warm(document.canvas, () => false);
  tiles.length = 0;
  const budget = kept && feather === undefined ? Infinity : 400;
  for (const sample of pen) {
    if (times.length > budget) break;
    const start = performance.now();
    const cpuStart = cpuTime();
    if (sample.pressure > 0) {
      stroke ??= beginStroke(document, layerId, BRUSH, [200, 40, 20], { plane });
      stroke.extend([sample]);
      show(sample);
      times.push(performance.now() - start);
      cpu.push(cpuTime() - cpuStart);
    } else if (stroke) {
      history.record('Brush', stroke.commit());
      show(sample);
      commits.push(performance.now() - start);
      stroke = null;
    }
  }
  const total = times.reduce((sum, value) => sum + value, 0);
  times.sort((a, b) => a - b);
  cpu.sort((a, b) => a - b);
  commits.sort((a, b) => a - b);
  tiles.sort((a, b) => a - b);
  return {
    events: times.length,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    worst: times.at(-1) ?? 0,
    cpuP50: percentile(cpu, 0.5),
    cpuP99: percentile(cpu, 0.99),
    eventsPerSecond: (times.length / total) * 1000,
    commitP50: percentile(commits, 0.5),
    overFrame: times.filter((time) => time > 1000 / 60).length,
    tileP99: percentile(tiles, 0.99),
  };
}

function dabRate(): number {
  const document = new PaintDocument(SIZE, SIZE, [layerRecord({ id: 'a' })]);
  const stroke = beginStroke(document, 'a', { ...BRUSH, stabiliser: 0, dynamics: {} }, [0, 0, 0]);
  const start = performance.now();
  const length = 20_000;
  for (let i = 0; i <= 200; i++) {
    stroke.extend([
      {
        x: 200 + (((i * length) / 200) % 3600),
        y: 200 + i * 15,
        pressure: 1,
        tiltX: 0,
        tiltY: 0,
        twist: 0,
        time: i,
      },
    ]);
  }
  const dabs = 20_000 / (BRUSH.size * BRUSH.spacing);
  stroke.abort();
  return (dabs / (performance.now() - start)) * 1000;
}

const limit = Number(process.argv.find((argument) => argument.startsWith('--events='))?.slice(9) ?? Infinity);
const pen = readPen().slice(0, limit);
const figures = {
  dabsPerSecond: Math.round(dabRate()),
  full: replay(pen, 1, true),
  warmed: replay(pen, 1, true, true),
  fitted: replay(pen, 1080 / SIZE, true),
  softMask: replay(pen, 1, true, true, { feather: 100 }),
  withoutKeptComposites: replay(pen, 1, false),
};
if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
else {
  const row = (name: string, f: Figures): string =>
    `${name.padEnd(26)} ${f.events} events, p50 ${f.p50.toFixed(2)} ms, p99 ${f.p99.toFixed(2)} ms, worst ${f.worst.toFixed(1)} ms ` +
    `(own CPU p50 ${f.cpuP50.toFixed(2)}, p99 ${f.cpuP99.toFixed(2)} ms), ` +
    `a tile p99 ${f.tileP99.toFixed(2)} ms, ${f.overFrame} over a frame, ${Math.round(f.eventsPerSecond)} events/s, commit ${f.commitP50.toFixed(1)} ms`;
  console.log(`${SIZE} px, ${LAYERS} layers, soft brush of ${BRUSH.size} px`);
  console.log(`${figures.dabsPerSecond} dabs/s into the stroke buffer`);
  console.log(row('100%, kept composites', figures.full));
  console.log(row('100%, made ahead', figures.warmed));
  console.log(row('fitted to 1080p', figures.fitted));
  console.log(row('on a mask feathered by 100', figures.softMask));
  console.log(row('100%, nothing kept', figures.withoutKeptComposites));
  console.log(
    `kept composites are ${(figures.withoutKeptComposites.cpuP50 / figures.full.cpuP50).toFixed(1)} times as fast`,
  );
}
