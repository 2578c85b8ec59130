/** What of a run's text decides the UNet's shape. */
export interface TextShape {
  /** Rows of the batch: 2 with guidance, else 1. */
  readonly batch: number;
  readonly tokens: number;
}
