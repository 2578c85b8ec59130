import { createHash } from 'node:crypto';
import {
  type GenerationRequest,
  type Raster,
  type Recipe,
  StudioError,
} from '../../../preload/contract/index.ts';
import type { Mask } from '../../inference/protocol.ts';
import { prepareInit } from '../init-image.ts';
import { coverageHash, prepareMask } from '../prepare-mask.ts';
import { chooseCrop, type Crop, type ModelSize, type Rect, workingSize } from './choose-crop.ts';
import { type Coverage, coverageBounds, cutCoverage, fadeInwards, growTo } from './coverage.ts';
import { measureShift, takeShiftOff } from './match-colour.ts';

/** A local edit as its parts: what is run, and how its picture is put back. */
export interface LocalEdit {
  /** The same request, of the crop alone and at its size. */
  readonly request: GenerationRequest;
  /** How the recipe names the whole picture, its mask and the part that was worked on. */
  readonly recipe: {
    readonly init: string;
    readonly mask: string;
    readonly local: NonNullable<Recipe['local']>;
  };
  /** The mask that the recipe names. */
  readonly mask: Mask;
  /**
   * Puts what was decoded into the picture. Pixels where the mask is 0 are the picture's own, to the bit.
   * @param decoded of the size that was worked on, kept parts as they came out of the decoder
   */
  readonly finish: (decoded: Raster) => Promise<Raster>;
}

type Settings = NonNullable<GenerationRequest['local']>;

/** How far a mask fades inwards when nothing is said: a share of its shorter side, within these pixels. */
const FEATHER_SHARE = 0.04;
const MOST_FEATHER = 24;
/** Cells of the latent around the mask that are painted too, so that no kept cell lies under its edge. */
const GROWN_CELLS = 1;

/**
 * Makes a request with a picture and a mask local: cut to the mask with context, worked on at a size that the model
 * likes.
 *
 * @throws StudioError `generation/mask-empty`, `generation/local-without-mask`
 */
export async function planLocalEdit(
  asked: GenerationRequest,
  settings: Settings,
  model: ModelSize,
): Promise<LocalEdit> {
  const { init, mask } = asked;
  if (!init || !mask) throw withoutMask();
  const picture = init.raster;
  const { mask: whole } = await prepareMask(mask, picture.width, picture.height);
  // A mask that covers nothing was refused before.
  const bounds = coverageBounds(whole) ?? { x: 0, y: 0, width: 1, height: 1 };
  const crop = settings.crop ? fitCrop(settings.crop, picture, model) : chooseCrop(picture, bounds, model);
  const feather = settings.feather ?? autoFeather(bounds);
  const cut: Raster = {
    width: crop.rect.width,
    height: crop.rect.height,
    rgba: cutPixels(picture, crop.rect),
  };
  const coverage = cutCoverage(whole, crop.rect);
  const painted = growTo(coverage, crop.width, crop.height, model.sizeMultiple * GROWN_CELLS);
  const colourMatch = settings.colourMatch ?? 1;
  const { image } = await prepareInit(cut, crop.width, crop.height);
  const { local: _, ...rest } = asked;
  return {
    request: {
      ...rest,
      ...cutBeside(asked, crop.rect),
      width: crop.width,
      height: crop.height,
      init: { ...init, raster: image },
      mask: toRaster(painted),
    },
    recipe: {
      init: createHash('sha256').update(picture.rgba).digest('hex'),
      mask: coverageHash(whole.coverage),
      local: { ...crop.rect, feather, colourMatch },
    },
    mask: whole,
    async finish(decoded) {
      const shift = measureShift(decoded, image, painted);
      const matched = takeShiftOff(decoded, shift, colourMatch);
      const fitted = await prepareInit({ ...decoded, rgba: matched.rgba }, crop.rect.width, crop.rect.height);
      return paste(picture, fitted.image, fadeInwards(coverage, feather), crop.rect);
    },
  };
}

/** What lies over the whole picture lies over the part in the same place; pictures of another size are of the part already. */
function cutBeside(
  { init, controls, regions, adapters }: GenerationRequest,
  rect: Rect,
): Pick<GenerationRequest, 'controls' | 'regions' | 'adapters'> {
  const cut = (raster: Raster): Raster =>
    raster.width === init?.raster.width && raster.height === init.raster.height
      ? { width: rect.width, height: rect.height, rgba: cutPixels(raster, rect) }
      : raster;
  const placed = <T extends { readonly raster: Raster }>(parts: readonly T[] | undefined): T[] | undefined =>
    parts?.map((part) => ({ ...part, raster: cut(part.raster) }));
  return {
    controls: placed(controls),
    regions: placed(regions),
    adapters: adapters.map((adapter) =>
      adapter.region === undefined ? adapter : { ...adapter, region: cut(adapter.region) },
    ),
  };
}

function autoFeather({ width, height }: Rect): number {
  return Math.min(MOST_FEATHER, Math.round(Math.min(width, height) * FEATHER_SHARE));
}

/** A crop that was asked for: within the picture, worked on as {@link chooseCrop} would. */
function fitCrop(rect: Rect, picture: Raster, model: ModelSize): Crop {
  const inside = rect.x + rect.width <= picture.width && rect.y + rect.height <= picture.height;
  if (!inside) {
    throw new StudioError(
      'generation/crop-outside',
      `The part ${rect.width} × ${rect.height} at ${rect.x}, ${rect.y} reaches beyond the picture of ${picture.width} × ${picture.height}. Nothing was started.`,
      'Choose a part within the picture.',
    );
  }
  return { rect, ...workingSize(rect, model) };
}

function cutPixels({ width, rgba }: Raster, rect: Rect): Uint8Array {
  const cut = new Uint8Array(rect.width * rect.height * 4);
  for (let y = 0; y < rect.height; y++) {
    const from = ((rect.y + y) * width + rect.x) * 4;
    cut.set(rgba.subarray(from, from + rect.width * 4), y * rect.width * 4);
  }
  return cut;
}

function toRaster({ width, height, coverage }: Coverage): Raster {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < coverage.length; i++) rgba.fill(coverage[i] ?? 0, i * 4, i * 4 + 4);
  return { width, height, rgba };
}

/** Lays painted pixels over a picture by their coverage; where it is 0 the picture's bytes are copied. */
function paste(picture: Raster, paint: Raster, { coverage }: Coverage, rect: Rect): Raster {
  const rgba = new Uint8Array(picture.rgba);
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      const share = (coverage[y * rect.width + x] ?? 0) / 255;
      if (share === 0) continue;
      const to = ((rect.y + y) * picture.width + rect.x + x) * 4;
      const from = (y * rect.width + x) * 4;
      blend(rgba, to, paint.rgba, from, share);
    }
  }
  return { width: picture.width, height: picture.height, rgba };
}

/** Mixes two straight colours by a share of the second, weighted by their alphas. */
function blend(into: Uint8Array, to: number, paint: Uint8Array, from: number, share: number): void {
  const under = ((into[to + 3] ?? 0) / 255) * (1 - share);
  const over = ((paint[from + 3] ?? 0) / 255) * share;
  const alpha = under + over;
  if (alpha === 0) return;
  for (let c = 0; c < 3; c++) {
    into[to + c] = Math.round(((into[to + c] ?? 0) * under + (paint[from + c] ?? 0) * over) / alpha);
  }
  into[to + 3] = Math.round(alpha * 255);
}

function withoutMask(): StudioError {
  return new StudioError(
    'generation/local-without-mask',
    'A local edit needs a picture and a mask of what is painted in it. Nothing was started.',
    'Give both.',
  );
}
