import { expect, test } from 'vitest';
import { type Preset, windowMetrics } from '../../../../renderer/state/window-metrics.ts';

/** Canvas sizes of the interaction brief's table, CSS px; top bar 40, status line 24. */
const TABLE: readonly (readonly [Preset, number, number, number, number])[] = [
  ['paint', 1280, 800, 972, 640],
  ['generate', 1280, 800, 932, 600],
  ['paint', 1920, 1080, 1344, 920],
  ['generate', 1920, 1080, 1248, 880],
  ['paint', 2560, 1440, 1920, 1280],
  ['generate', 2560, 1440, 1560, 1240],
  ['paint', 960, 540, 872, 420],
  ['generate', 960, 540, 872, 420],
];

function canvasOf(preset: Preset, width: number, height: number): [number, number] {
  const { rail, left, right, rightSecond, options, prompt } = windowMetrics(preset, width, height);
  return [width - rail - left - right - rightSecond, height - 40 - options - prompt - 24];
}

test.each(TABLE)('%s at %i × %i leaves a canvas of %i × %i', (preset, width, height, w, h) => {
  expect(canvasOf(preset, width, height)).toEqual([w, h]);
});

test('no window down to 960 × 540 leaves a canvas under 640 × 400', () => {
  for (const preset of ['paint', 'generate'] as const) {
    for (let width = 960; width <= 3840; width += 8) {
      for (let height = 540; height <= 2160; height += 60) {
        const [w, h] = canvasOf(preset, width, height);
        expect(w, `${preset} ${width} × ${height}`).toBeGreaterThanOrEqual(640);
        expect(h, `${preset} ${width} × ${height}`).toBeGreaterThanOrEqual(400);
      }
    }
  }
});
