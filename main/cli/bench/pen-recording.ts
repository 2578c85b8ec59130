import { readFileSync } from 'node:fs';
import { StudioError } from '../../../preload/contract/index.ts';

/** One reading of a recorded pen: milliseconds, place within 0..1 of the picture, pressure 0..1 (0 hovers). */
export interface PenReading {
  readonly time: number;
  readonly x: number;
  readonly y: number;
  readonly pressure: number;
}

/** Spirals for where there is no recording: 2,900 readings, 8 ms apart, the pen lifted now and then. */
export function madeUpPen(): PenReading[] {
  return Array.from({ length: 2900 }, (_, i) => {
    const turn = i / 30;
    const radius = 0.07 + ((i % 290) / 290) * 0.35;
    return {
      time: i * 8,
      x: 0.5 + radius * Math.cos(turn),
      y: 0.5 + radius * Math.sin(turn),
      pressure: i % 290 < 260 ? 0.6 : 0,
    };
  });
}

/**
 * Reads a recording of libmypaint's tests: one reading a line, seconds, x, y, pressure.
 * @throws StudioError `bench/strokes-unreadable`.
 */
export function readPenRecording(path: string): PenReading[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new StudioError('bench/strokes-unreadable', `${path} cannot be read.`, 'Name another file.');
  }
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u).map(Number));
  if (rows.length < 2 || !rows.every((row) => row.length >= 4 && row.every(Number.isFinite))) {
    throw new StudioError(
      'bench/strokes-unreadable',
      `${path} is no recording of a pen: each line has seconds, x, y and pressure.`,
      'Name another file.',
    );
  }
  const range = (k: number): readonly [low: number, span: number] => {
    const values = rows.map((row) => row[k] ?? 0);
    const low = values.reduce((a, b) => Math.min(a, b));
    return [low, Math.max(1e-9, values.reduce((a, b) => Math.max(a, b)) - low)];
  };
  const [[x0, width], [y0, height]] = [range(1), range(2)];
  return rows.map(([time = 0, x = 0, y = 0, pressure = 0]) => ({
    time: time * 1000,
    x: 0.04 + (0.92 * (x - x0)) / width,
    y: 0.04 + (0.92 * (y - y0)) / height,
    pressure,
  }));
}
