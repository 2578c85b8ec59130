/** What a layer is to the model that paints the picture: a guide is followed, and is itself no part of the picture. */
export interface LayerGuide {
  /** What is drawn from it first: nothing, edges (Canny 1986), or lines. */
  readonly prepare: 'as-is' | 'canny' | 'lines';
  /** The ControlNet's file or folder. */
  readonly path: string;
  /** 1 is full. */
  readonly strength: number;
  /** Part of the run in which it acts, as shares of its steps. */
  readonly start: number;
  readonly end: number;
}

/** Words for where a group has paint. */
export interface GroupWords {
  readonly prompt: string;
  /** Against those of other groups where they overlap; 1 is usual. */
  readonly weight: number;
  /** Only this group's area is painted. */
  readonly only: boolean;
  /** Files of adapters that act where the group has paint and nowhere else. */
  readonly adapters?: readonly string[] | undefined;
}
