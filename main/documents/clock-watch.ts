/** Less than this is a clock that was set right, in milliseconds. */
const TOLERANCE = 60_000;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A sentence for the status line. */
interface ClockNotice {
  readonly level: 'warn';
  readonly message: string;
  readonly remedy: string;
}

/** `3 hours`: a span in the largest unit that it fills. */
function spanText(milliseconds: number): string {
  for (const [unit, name] of [
    [DAY, 'day'],
    [HOUR, 'hour'],
  ] as const) {
    const count = Math.round(milliseconds / unit);
    if (milliseconds >= unit) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  const minutes = Math.max(1, Math.round(milliseconds / MINUTE));
  return `${minutes} minute${minutes === 1 ? '' : 's'}`;
}

/**
 * Notices that the clock went back behind a step that is in a history already, and says so once: steps keep their order
 * by number, but dates from then on may look wrong.
 *
 * @returns takes the time of a document's last step, in milliseconds since the epoch.
 */
export function watchClock(tell: (notice: ClockNotice) => void): (lastStep: number) => void {
  /** Behind this the clock was told to be. */
  let told = Number.NEGATIVE_INFINITY;
  return (lastStep) => {
    const back = lastStep - Date.now();
    if (back < TOLERANCE || lastStep <= told) return;
    told = lastStep;
    tell({
      level: 'warn',
      message: `The clock went back ${spanText(back)}. History keeps its order by stroke, so nothing moves.`,
      remedy: 'Dates from now on may look wrong until it is set.',
    });
  };
}
