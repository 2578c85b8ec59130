import type { TipShape } from './brush.ts';
import { BitmapTip } from './bitmap-tip.ts';
import type { Dab } from './dab.ts';
import { RoundTip } from './round-tip.ts';
import type { Tip } from './tip.ts';

/** The tip of a dab. */
export function makeTip(dab: Dab, shape: TipShape): Tip {
  return shape === 'round' ? new RoundTip(dab) : new BitmapTip(dab, shape);
}
