import { setImmediate as nextTurn } from 'node:timers/promises';
import sharp from 'sharp';
import type { Raster } from '../../preload/contract/index.ts';
import type { Brush, Sample } from '../../renderer/engine/brush/brush.ts';

import { beginStroke } from '../../renderer/engine/brush/stroke.ts';
import { CpuCompositor } from '../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../renderer/engine/document.ts';
import { fillChanges } from '../../renderer/engine/fill/paint-mask.ts';
import { layerRecord } from '../../renderer/engine/layers/layer-record.ts';
import { selectRectangle } from '../../renderer/engine/selection/shapes.ts';

/** Size of one brush's preview. */
const PREVIEW = { width: 480, height: 150 } as const;
const COLUMNS = 2;
const LABEL = 22;
const INK = [38, 54, 84] as const;
const PAPER = [246, 244, 238] as const;
/** What is there to be taken up, smeared or erased. */
const GROUND = [
  [214, 96, 58],
  [245, 200, 90],
  [90, 150, 120],
] as const;

/**
 * A brush as it paints: a wave that swells and thins, a scribble that crosses itself, and two taps. Brushes that mix,
 * smear or erase work on stripes of paint.
 */
function drawPreview(brush: Brush): Raster {
  const { width, height } = PREVIEW;
  const document = new PaintDocument(width, height, [layerRecord({ id: 'preview' })]);
  const canvas = document.canvas;
  const fill = (rect: typeof canvas, colour: readonly [number, number, number]): void =>
    void document.apply(fillChanges(document, 'preview', selectRectangle(rect, canvas), colour, 1));
  if (brush.mode === 'paint') fill(canvas, PAPER);
  if (brush.mode === 'erase' || brush.mixing) {
    for (const [i, colour] of GROUND.entries())
      fill({ x: 0, y: 30 + i * 32, width: width - 130, height: 32 }, colour);
  }
  const size = Math.min(56, brush.size);
  const shown = { ...brush, size };
  for (const [seed, samples] of [wave(), scribble(size), tap(430, 44, 0.5), tap(430, 108, 1)].entries()) {
    const stroke = beginStroke(document, 'preview', shown, INK, { seed: seed + 1 });
    stroke.extend(samples);
    document.apply(stroke.commit());
  }
  const rgba = new Uint8Array(width * height * 4);
  new CpuCompositor(document).render(canvas, rgba);
  return { width, height, rgba };
}

/**
 * Encodes a sheet of brushes, each with its name under it, as PNG.
 *
 * @param onBrush told before each brush is painted; throw there to stop
 */
export async function contactSheet(
  brushes: readonly Brush[],
  onBrush: () => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const columns = Math.min(COLUMNS, brushes.length);
  const rows = Math.ceil(brushes.length / columns);
  const cell = PREVIEW.height + LABEL;
  const pictures = [];
  for (const [i, brush] of brushes.entries()) {
    // Whoever waits, an interrupt included, gets a turn.
    await nextTurn();
    onBrush();
    const { width, height, rgba } = drawPreview(brush);
    pictures.push({
      input: Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength),
      raw: { width, height, channels: 4 as const },
      left: (i % columns) * PREVIEW.width,
      top: Math.floor(i / columns) * cell,
    });
  }
  const labels = brushes.map(
    ({ name }, i) =>
      `<text x="${(i % columns) * PREVIEW.width + 8}" y="${Math.floor(i / columns) * cell + PREVIEW.height + 16}">${escapeXml(name)}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${columns * PREVIEW.width}" height="${rows * cell}" font-family="sans-serif" font-size="13" fill="#333333">${labels.join('')}</svg>`;
  const png = await sharp({
    create: { width: columns * PREVIEW.width, height: rows * cell, channels: 3, background: '#e8e8e8' },
  })
    .composite([...pictures, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png()
    .toBuffer();
  return new Uint8Array(png);
}

function escapeXml(text: string): string {
  return text.replace(
    /[&<>"']|\p{Cc}/gu,
    (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[each] ?? ' ',
  );
}

function reading(x: number, y: number, pressure: number, time: number): Sample {
  return { x, y, pressure, tiltX: 30, tiltY: 20, twist: 0, time };
}

function wave(): Sample[] {
  const steps = 90;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    return reading(
      24 + t * 220,
      PREVIEW.height / 2 - Math.sin(t * Math.PI * 2) * 38,
      Math.sin(t * Math.PI) * 0.95 + 0.03,
      i * 8,
    );
  });
}

function scribble(size: number): Sample[] {
  const turns = 7;
  const steps = 220;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    const phase = (t * turns) % 1;
    const swing = phase < 0.5 ? phase * 2 : 2 - phase * 2;
    return reading(
      270 + t * 90,
      26 + size / 4 + swing * (PREVIEW.height - 52 - size / 2),
      0.35 + 0.6 * t,
      i * 8,
    );
  });
}

function tap(x: number, y: number, pressure: number): Sample[] {
  return [reading(x, y, pressure, 0), reading(x + 0.5, y, pressure, 16)];
}
