import type { Raster, Recipe } from '../../../preload/contract/index.ts';
import { findEdges } from './canny.ts';
import { drawLines } from './lines.ts';

type Preparation = NonNullable<Recipe['controls']>[number]['prepare'];

const HINTS: Readonly<Record<Preparation, (image: Raster) => Raster>> = {
  'as-is': (image) => image,
  canny: (image) => findEdges(image),
  lines: (image) => drawLines(image),
};

/** What a ControlNet is shown of a picture. */
export function drawHint(image: Raster, prepare: Preparation): Raster {
  return HINTS[prepare](image);
}
