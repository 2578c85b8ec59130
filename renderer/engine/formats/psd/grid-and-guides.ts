import type { ImageResources, Psd } from 'ag-psd';
import type { FileGrid, FileGuide, LayeredPicture } from '../picture-file.ts';

type GridAndGuides = NonNullable<ImageResources['gridAndGuidesInformation']>;

/** Places are whole numbers of a 32nd of a pixel (Adobe's file format specification, "Grid and guides resource format"). */
const GRID_UNITS = 32;
/** Photoshop writes this whatever the grid is; other values are another program's. */
const NO_GRID = 18 * GRID_UNITS;

/** The guides of a file; those beyond any canvas, and beyond the thousandth, are left out. */
export function guidesOf({ imageResources }: Psd): FileGuide[] {
  return (imageResources?.gridAndGuidesInformation?.guides ?? [])
    .map(({ direction, location }) => ({ direction, position: signed(location) }))
    .filter(({ position }) => Number.isFinite(position) && Math.abs(position) < 1e6)
    .slice(0, 1000);
}

/** A place left of or above the canvas, which ag-psd reads as a number without a sign. */
function signed(location: number): number {
  return location >= 2 ** 31 / GRID_UNITS ? location - 2 ** 32 / GRID_UNITS : location;
}

/** The grid cycle of "Grid and guides" (resource 1032); null where the file does not say. */
export function gridOf({ imageResources }: Psd): FileGrid | null {
  const { horizontal = NO_GRID, vertical = NO_GRID } = imageResources?.gridAndGuidesInformation?.grid ?? {};
  if (horizontal === NO_GRID && vertical === NO_GRID) return null;
  const [width, height] = [horizontal / GRID_UNITS, vertical / GRID_UNITS];
  return [width, height].every((length) => length >= 1 && length <= 10_000) ? { width, height } : null;
}

/** Both as ag-psd takes them: it multiplies the places of guides itself. */
export function gridAndGuides({ guides, grid }: Pick<LayeredPicture, 'guides' | 'grid'>): GridAndGuides {
  return {
    ...(grid && {
      grid: {
        horizontal: Math.round(grid.width * GRID_UNITS),
        vertical: Math.round(grid.height * GRID_UNITS),
      },
    }),
    guides: guides.map(({ direction, position }) => ({
      direction,
      location: Math.round(position * GRID_UNITS) / GRID_UNITS,
    })),
  };
}
