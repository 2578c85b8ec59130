import { createStore } from 'zustand/vanilla';

/** A point in document pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is drawn beside a stroke in progress and goes with it: never paint. */
interface StrokeAid {
  /** The string by which the pen pulls the tip. */
  readonly string: { readonly tip: Point; readonly pen: Point } | null;
  /** Where the pen is expected next, from where the paint ends; drawn as the brush would, thrown away at the next reading. */
  readonly tail: {
    readonly points: readonly Point[];
    /** Diameter in document pixels. */
    readonly size: number;
    readonly colour: string;
    readonly opacity: number;
  } | null;
}

/** The aids of the stroke in progress. */
export const strokeAid = createStore<StrokeAid>()(() => ({ string: null, tail: null }));

/** Takes all aids away. */
export function clearStrokeAid(): void {
  const { string, tail } = strokeAid.getState();
  if (string || tail) strokeAid.setState({ string: null, tail: null });
}
