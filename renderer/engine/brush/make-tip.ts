import type { TipBitmap, TipShape } from './brush.ts';
import { bitmapLevels } from './bitmap-levels.ts';
import { BitmapTip } from './bitmap-tip.ts';
import type { Dab } from './dab.ts';
import { RoundTip } from './round-tip.ts';
import { shapeLevels } from './tip-shapes.ts';
import type { Tip } from './tip.ts';

/** What a tip is made of. */
export interface TipSource {
  readonly tip: TipShape;
  readonly bitmap: TipBitmap | null;
}

/** The tip of a dab. A `bitmap` tip without pixels is round. */
export function makeTip(dab: Dab, { tip, bitmap }: TipSource): Tip {
  if (tip === 'round') return new RoundTip(dab);
  if (tip !== 'bitmap') return new BitmapTip(dab, shapeLevels(tip));
  return bitmap ? new BitmapTip(dab, bitmapLevels(bitmap)) : new RoundTip(dab);
}
