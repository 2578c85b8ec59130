import type { Point } from '../transform/affine.ts';
import type { DrawingRuler } from './aids.ts';

/** A line without end, by a point and a direction of length 1. */
export interface Track {
  readonly through: Point;
  readonly along: Point;
}

/** A stroke that strays from a line of the perspective by less than this before it chooses one, in document pixels, is undecided. */
export interface FollowReach {
  /** How near to a line ruler a stroke has to begin. */
  readonly line: number;
  /** How far a stroke goes before it chooses among the lines of a perspective. */
  readonly decide: number;
}

function direction(from: Point, to: Point): Point | null {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  return length < 1e-9 ? null : { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}

/** The nearest place on a track. */
export function onTrack({ through, along }: Track, { x, y }: Point): Point {
  const way = (x - through.x) * along.x + (y - through.y) * along.y;
  return { x: through.x + way * along.x, y: through.y + way * along.y };
}

function isLine({ kind }: DrawingRuler): boolean {
  return kind === 'line';
}

/** The line ruler that a stroke begins on: the nearest within reach, or null. */
export function lineAt(rulers: readonly DrawingRuler[], start: Point, reach: number): Track | null {
  let best: Track | null = null;
  let nearest = reach;
  for (const { points } of rulers.filter((ruler) => ruler.on && isLine(ruler))) {
    const [from, to] = points;
    const along = from && to && direction(from, to);
    if (!from || !along) continue;
    const track = { through: from, along };
    const at = onTrack(track, start);
    const distance = Math.hypot(at.x - start.x, at.y - start.y);
    if (distance > nearest) continue;
    nearest = distance;
    best = track;
  }
  return best;
}

/**
 * The lines of a perspective through a point: one to each vanishing point, and those that stay level or upright in the
 * picture: both with one vanishing point, upright with two, none with three.
 */
export function perspectiveTracks({ kind, points }: DrawingRuler, start: Point): Track[] {
  const axes: Point[] =
    kind === 'perspective-1'
      ? [
          { x: 1, y: 0 },
          { x: 0, y: 1 },
        ]
      : kind === 'perspective-2'
        ? [{ x: 0, y: 1 }]
        : [];
  const towards = points.map((point) => direction(start, point)).filter((each) => each !== null);
  return [...towards, ...axes].map((along) => ({ through: start, along }));
}

/** The track whose direction, either way, a movement comes nearest to. */
export function nearestTrack(tracks: readonly Track[], from: Point, to: Point): Track | null {
  const moved = direction(from, to);
  if (!moved) return null;
  const closeness = ({ along }: Track): number => Math.abs(along.x * moved.x + along.y * moved.y);
  return tracks.reduce<Track | null>(
    (best, track) => (best && closeness(best) >= closeness(track) ? best : track),
    null,
  );
}

/**
 * Leads a stroke along the drawing rulers that are on: from the beginning along a line ruler it begins near to, else along
 * the line of a perspective that its first way comes nearest to. Readings before that is known are held back.
 */
export class RulerFollower<Reading extends Point> {
  readonly #tracks: readonly Track[];
  readonly #start: Reading;
  readonly #decide: number;
  #track: Track | null;
  #held: Reading[] = [];

  /** @returns null when no ruler leads a stroke that begins here. */
  static begin<Reading extends Point>(
    rulers: readonly DrawingRuler[],
    start: Reading,
    reach: FollowReach,
  ): RulerFollower<Reading> | null {
    const line = lineAt(rulers, start, reach.line);
    const tracks = rulers
      .filter((ruler) => ruler.on && !isLine(ruler))
      .flatMap((ruler) => perspectiveTracks(ruler, start));
    return line || tracks.length > 0 ? new RulerFollower(start, line, tracks, reach.decide) : null;
  }

  private constructor(start: Reading, line: Track | null, tracks: readonly Track[], decide: number) {
    this.#start = start;
    this.#track = line;
    this.#tracks = tracks;
    this.#decide = decide;
  }

  /** The first reading, where the ruler wants it. */
  get first(): Reading {
    return this.#track ? { ...this.#start, ...onTrack(this.#track, this.#start) } : this.#start;
  }

  /** Readings on the line; none while it is not known which. */
  lead(readings: readonly Reading[]): Reading[] {
    if (!this.#track) {
      this.#held.push(...readings);
      const far = this.#held.find(
        ({ x, y }) => Math.hypot(x - this.#start.x, y - this.#start.y) >= this.#decide,
      );
      if (!far) return [];
      this.#track = nearestTrack(this.#tracks, this.#start, far);
      const held = this.#held;
      this.#held = [];
      return this.lead(held);
    }
    const track = this.#track;
    return readings.map((reading) => ({ ...reading, ...onTrack(track, reading) }));
  }
}
