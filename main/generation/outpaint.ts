import { type GenerationRequest, type Raster, StudioError } from '../../preload/contract/index.ts';

type Borders = NonNullable<GenerationRequest['outpaint']>;

/** A picture on a larger blank sheet, and what of the sheet is blank. */
export interface GrownPicture {
  /** Transparent where it was grown. */
  readonly raster: Raster;
  /** 255 on each pixel that was added, 0 on those of the picture. */
  readonly coverage: Uint8Array;
}

/**
 * Lays a picture on a sheet that is larger by borders.
 *
 * @throws StudioError `generation/outpaint-size` when the sheet is not `width` × `height`
 */
export function growPicture(raster: Raster, borders: Borders, width: number, height: number): GrownPicture {
  const { left, top, right, bottom } = borders;
  const [wide, high] = [left + raster.width + right, top + raster.height + bottom];
  if (wide !== width || high !== height) {
    throw new StudioError(
      'generation/outpaint-size',
      `${raster.width} × ${raster.height} px grown by ${left}, ${top}, ${right}, ${bottom} is ${wide} × ${high}, not ${width} × ${height}. Nothing was started.`,
      'Ask for the size that picture and borders add up to.',
    );
  }
  const rgba = new Uint8Array(4 * width * height);
  const coverage = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < raster.height; y += 1) {
    const to = (y + top) * width + left;
    rgba.set(raster.rgba.subarray(4 * y * raster.width, 4 * (y + 1) * raster.width), 4 * to);
    coverage.fill(0, to, to + raster.width);
  }
  return { raster: { width, height, rgba }, coverage };
}
