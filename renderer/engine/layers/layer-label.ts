/** Colours that a layer's row can be marked with: Photoshop's. They change nothing in the picture. */
export const LAYER_LABELS = ['red', 'orange', 'yellow', 'green', 'blue', 'violet', 'grey'] as const;

/** One of them. */
export type LayerLabel = (typeof LAYER_LABELS)[number];
