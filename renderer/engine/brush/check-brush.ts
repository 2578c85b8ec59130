import { EngineError } from '../error.ts';
import {
  GRAIN_PATTERNS,
  MAX_TIP_EDGE,
  TIP_SHAPES,
  type Brush,
  type TipBitmap,
  type TipShape,
} from './brush.ts';

const RANGES = [
  ['size', 0.5, 4096],
  ['opacity', 0, 1],
  ['flow', 0, 1],
  ['hardness', 0, 1],
  ['spacing', 0.01, 10],
  ['roundness', 0.01, 1],
  ['scatter', 0, 5],
  ['stabiliser', 0, 10],
  ['count', 1, 16],
  ['string', 0, 4096],
  ['rate', 0, 200],
  ['wetEdge', 0, 1],
] as const;

const DUAL_RANGES = [
  ['size', 0.05, 4],
  ['spacing', 0.01, 10],
  ['scatter', 0, 5],
  ['count', 1, 16],
  ['hardness', 0, 1],
] as const;

/**
 * Checks a brush's values.
 * @throws EngineError `invalid-value` naming the first that is out of its range.
 */
export function checkBrush(brush: Brush): void {
  for (const [name, low, high] of RANGES) checkRange(name, brush[name], low, high);
  if (!Number.isFinite(brush.angle))
    throw new EngineError('invalid-value', "The brush's angle is not a number.");
  checkTip(brush.tip, brush.bitmap);
  const { dual, grain, jitter, mixing } = brush;
  if (dual) {
    checkTip(dual.tip, dual.bitmap);
    for (const [name, low, high] of DUAL_RANGES) checkRange(`second tip's ${name}`, dual[name], low, high);
  }
  if (grain) {
    checkName('grain', grain.pattern, GRAIN_PATTERNS);
    checkRange('grain size', grain.size, 1, 64);
    checkRange('grain depth', grain.depth, 0, 1);
  }
  for (const part of ['hue', 'saturation', 'value'] as const)
    checkRange(`${part} jitter`, jitter?.[part] ?? 0, 0, 1);
  checkRange('pickup', mixing?.pickup ?? 0, 0, 1);
  checkRange('pickup length', mixing?.length ?? 0, 0, 1);
}

function checkTip(tip: TipShape, bitmap: TipBitmap | null): void {
  checkName('tip', tip, TIP_SHAPES);
  if (tip !== 'bitmap') return;
  if (!bitmap) throw new EngineError('invalid-value', "The brush's tip has no pixels.");
  checkRange('tip width', bitmap.width, 1, MAX_TIP_EDGE);
  checkRange('tip height', bitmap.height, 1, MAX_TIP_EDGE);
  if (bitmap.alpha.length !== bitmap.width * bitmap.height)
    throw new EngineError('invalid-value', "The brush's tip does not have the pixels that its size says.");
}

function checkRange(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new EngineError(
    'invalid-value',
    `The brush's ${name} of ${value} is not between ${low} and ${high}.`,
  );
}

function checkName(what: string, name: string, names: readonly string[]): void {
  if (!names.includes(name)) throw new EngineError('invalid-value', `There is no ${what} "${name}".`);
}
