import { brushWith, type Brush, type Dynamic } from './brush.ts';
import type { CurvePoints } from './curve.ts';

const pressure = (...curve: CurvePoints): Dynamic => ({ sensor: 'pressure', curve });
const FIRM = pressure([0, 0.15], [0.5, 0.45], [1, 1]);
const GENTLE = pressure([0, 0], [0.4, 0.25], [1, 1]);
const FULL_RANGE = pressure([0, 0], [1, 1]);

/** The brushes that ship, in the order they are shown. Sizes are diameters at full pressure. */
export const BRUSH_PRESETS: readonly Brush[] = [
  brushWith({
    id: 'round',
    name: 'Round',
    size: 24,
    hardness: 0.85,
    spacing: 0.06,
    dynamics: { size: [FIRM] },
  }),
  brushWith({
    id: 'round-opacity',
    name: 'Round, opacity',
    size: 40,
    hardness: 0.7,
    spacing: 0.06,
    dynamics: { opacity: [GENTLE] },
  }),
  brushWith({
    id: 'pencil',
    name: 'Pencil',
    size: 5,
    hardness: 0.5,
    spacing: 0.08,
    opacity: 0.85,
    dynamics: { size: [pressure([0, 0.5], [1, 1])], flow: [pressure([0, 0.05], [0.5, 0.35], [1, 0.9])] },
  }),
  brushWith({
    id: 'ink',
    name: 'Ink',
    size: 12,
    hardness: 1,
    spacing: 0.04,
    stabiliser: 4,
    dynamics: { size: [pressure([0, 0.05], [0.5, 0.4], [1, 1])] },
  }),
  brushWith({
    id: 'calligraphy',
    name: 'Calligraphy',
    size: 28,
    hardness: 1,
    spacing: 0.03,
    roundness: 0.18,
    angle: -40,
    stabiliser: 3,
    dynamics: { size: [pressure([0, 0.55], [1, 1])] },
  }),
  brushWith({
    id: 'flat',
    name: 'Flat',
    size: 48,
    hardness: 0.8,
    spacing: 0.03,
    roundness: 0.22,
    angle: 90,
    flow: 0.8,
    dynamics: {
      angle: [{ sensor: 'direction', curve: FULL_RANGE.curve }],
      opacity: [pressure([0, 0.2], [0.6, 1], [1, 1])],
    },
  }),
  brushWith({
    id: 'marker',
    name: 'Marker',
    size: 36,
    hardness: 0.95,
    spacing: 0.04,
    opacity: 0.5,
    roundness: 0.45,
    angle: 45,
  }),
  brushWith({
    id: 'soft',
    name: 'Soft',
    size: 120,
    hardness: 0,
    spacing: 0.08,
    flow: 0.35,
    stabiliser: 0,
    dynamics: { flow: [GENTLE] },
  }),
  brushWith({
    id: 'airbrush',
    name: 'Airbrush',
    size: 160,
    hardness: 0,
    spacing: 0.06,
    flow: 0.06,
    accumulation: 'build-up',
    stabiliser: 0,
    dynamics: { flow: [FULL_RANGE] },
  }),
  brushWith({
    id: 'spray',
    name: 'Spray',
    size: 5,
    hardness: 0.6,
    spacing: 0.6,
    scatter: 4,
    accumulation: 'build-up',
    stabiliser: 0,
    dynamics: {
      size: [
        {
          sensor: 'random',
          curve: [
            [0, 0.3],
            [1, 1],
          ],
        },
      ],
      flow: [FULL_RANGE],
    },
  }),
  brushWith({
    id: 'eraser',
    name: 'Eraser',
    size: 32,
    hardness: 0.9,
    spacing: 0.06,
    mode: 'erase',
    dynamics: { size: [FIRM] },
  }),
  brushWith({
    id: 'eraser-soft',
    name: 'Soft eraser',
    size: 120,
    hardness: 0,
    spacing: 0.08,
    flow: 0.4,
    mode: 'erase',
    dynamics: { flow: [GENTLE] },
  }),
];
