import type { LiveSettings } from '../../../preload/contract/index.ts';

/** A run longer than this is too slow to paint by, in milliseconds; so many in a row ease the next. */
const TOO_SLOW = 900;
const SLOW_RUNS = 3;
/** A run shorter than this has room for the step that was taken away; so many in a row give it back. */
const ROOM = 250;
const QUICK_RUNS = 12;
/** Fewest pixels along an edge that easing goes down to. */
const LEAST_EDGE = 128;

/** Steps down, each named by what it makes. */
const LEVELS = [
  { steps: 1, size: 1 },
  { steps: 0.5, size: 1 },
  { steps: 0.5, size: 0.75 },
  { steps: 0.5, size: 0.5 },
] as const;

/** Watches how long runs take and eases them by named steps. */
export interface Easing {
  /** What is made instead of what was asked for. */
  readonly apply: (settings: LiveSettings, sizeMultiple: number) => LiveSettings;
  /** Notes a run's milliseconds. @returns true when the level changed. */
  readonly note: (milliseconds: number) => boolean;
  /** 0 while nothing is eased. */
  readonly level: number;
}

/** Easing that begins with nothing eased. */
export function createEasing(): Easing {
  let level = 0;
  let slow = 0;
  let quick = 0;
  const move = (by: 1 | -1): boolean => {
    const next = Math.min(LEVELS.length - 1, Math.max(0, level + by));
    const changed = next !== level;
    level = next;
    slow = 0;
    quick = 0;
    return changed;
  };
  return {
    apply(settings, sizeMultiple) {
      const { steps, size } = LEVELS[level] ?? LEVELS[0];
      // A run that starts from a picture needs one step at its strength at least.
      const least = Math.ceil(1 / Math.max(settings.strength, 0.01));
      const fit = (edge: number): number =>
        size === 1
          ? edge
          : Math.max(Math.min(edge, LEAST_EDGE), Math.round((edge * size) / sizeMultiple) * sizeMultiple);
      return {
        ...settings,
        steps: Math.min(settings.steps, Math.max(least, Math.round(settings.steps * steps))),
        width: fit(settings.width),
        height: fit(settings.height),
      };
    },
    note(milliseconds) {
      slow = milliseconds > TOO_SLOW ? slow + 1 : 0;
      quick = milliseconds < ROOM ? quick + 1 : 0;
      if (slow >= SLOW_RUNS) return move(1);
      return quick >= QUICK_RUNS && level > 0 ? move(-1) : false;
    },
    get level() {
      return level;
    },
  };
}
