import { describe, expect, it } from 'vitest';
import { fromCompositeOp, toCompositeOp } from '../../../../../renderer/engine/formats/ora/composite-ops.ts';
import { BLEND_MODES } from '../../../../../renderer/engine/layers/blend-mode.ts';

/** What Krita 5.1 wrote into stack.xml for layers of its modes, beside those of the specification. */
const KRITA = [
  ['krita:dissolve', 'dissolve'],
  ['krita:exclusion', 'exclusion'],
  ['krita:linear_burn', 'linear-burn'],
  ['krita:vivid_light', 'vivid-light'],
  ['krita:pin_light', 'pin-light'],
  ['krita:hard_mix_photoshop', 'hard-mix'],
  ['krita:subtract', 'subtract'],
  ['krita:divide', 'divide'],
  ['krita:darker color', 'darker-color'],
  ['krita:lighter color', 'lighter-color'],
  ['krita:linear light', 'linear-light'],
] as const;

describe('operators of OpenRaster', () => {
  it.each(KRITA)('%s is the mode %s, both ways', (op, mode) => {
    expect(fromCompositeOp(op)).toEqual({ mode, exact: true });
    expect(toCompositeOp(mode)).toEqual({ op, knownTo: 'Krita' });
  });

  it.each([
    ['krita:soft_light', 'soft-light'],
    ['krita:hue_hsv', 'hue'],
    ['krita:grain_merge', 'normal'],
    ['svg:dst-out', 'normal'],
    ['nothing', 'normal'],
    ['impasto:pass-through', 'normal'],
    ['krita:constructor', 'normal'],
    ['constructor', 'normal'],
  ] as const)('%s is said to be only near %s', (op, mode) => {
    expect(fromCompositeOp(op)).toEqual({ mode, exact: false });
  });

  it('each mode comes back as itself', () => {
    for (const mode of BLEND_MODES.filter((each) => each !== 'pass-through'))
      expect(fromCompositeOp(toCompositeOp(mode).op)).toEqual({ mode, exact: true });
  });
});
