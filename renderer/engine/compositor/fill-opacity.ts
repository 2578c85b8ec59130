import { blendModeIndex } from '../layers/blend-mode.ts';

/**
 * Fill opacity in the eight modes that Photoshop treats apart. Elsewhere it is a second opacity; in these it takes the
 * source towards the colour that the mode leaves the backdrop unchanged by, before they are blended:
 * black for color dodge, linear dodge and difference, white for both burns, grey for vivid and linear light; hard mix
 * becomes (cb - f (1 - cs)) / (1 - f), limited to 0..1.
 */
const NEUTRAL: ReadonlyMap<number, number> = new Map([
  [blendModeIndex('color-dodge'), 0],
  [blendModeIndex('linear-dodge'), 0],
  [blendModeIndex('difference'), 0],
  [blendModeIndex('color-burn'), 1],
  [blendModeIndex('linear-burn'), 1],
  [blendModeIndex('vivid-light'), 0.5],
  [blendModeIndex('linear-light'), 0.5],
]);

/** Number of the mode with a formula of its own. */
export const HARD_MIX = blendModeIndex('hard-mix');

/** The source value that leaves a backdrop as it is, for a mode of the seven; undefined for any other. */
export function neutralOf(mode: number): number | undefined {
  return NEUTRAL.get(mode);
}

/** True when fill opacity in this mode is more than an opacity. */
export function weakensSource(mode: number): boolean {
  return mode === HARD_MIX || NEUTRAL.has(mode);
}
