import { type GenerationRequest, type Recipe, StudioError } from '../../preload/contract/index.ts';
import type { GenerateJob } from '../inference/protocol.ts';
import { fillBlank } from './fill-blank.ts';
import { given } from './given.ts';
import { type PreparedInit, prepareInit } from './init-image.ts';
import { growPicture } from './outpaint.ts';
import { type PreparedMask, prepareMask } from './prepare-mask.ts';

/** The picture that a run starts from and what of it is painted anew. */
export interface PreparedSource {
  readonly job: Pick<GenerateJob, 'init' | 'mask'>;
  readonly recipe: Pick<Recipe, 'init' | 'mask' | 'outpaint'>;
  /** The pixels as the recipe names them. */
  readonly kept: { readonly picture?: PreparedInit; readonly mask?: PreparedMask };
}

type Asked = Pick<GenerationRequest, 'init' | 'mask' | 'outpaint' | 'width' | 'height'>;

/**
 * Brings the init picture and its mask to `width` × `height`, or the picture onto a larger sheet. Blank paper that is painted
 * is first filled from what surrounds it; the recipe names the pixels as they were given.
 *
 * @throws StudioError `generation/mask-…`, `generation/outpaint-…`
 */
export async function prepareSource({ init, mask, outpaint, width, height }: Asked): Promise<PreparedSource> {
  if (outpaint !== undefined) return growSource(init, mask, outpaint, width, height);
  if (!init) {
    if (mask) throw maskWithoutPicture();
    return { job: { init: null }, recipe: { init: null }, kept: {} };
  }
  const { strength } = init;
  const picture = await prepareInit(init.raster, width, height);
  const { image, sha256 } = picture;
  if (!mask) {
    return { job: { init: { image, strength } }, recipe: { init: { sha256, strength } }, kept: { picture } };
  }
  const prepared = await prepareMask(mask, width, height);
  const filled = fillBlank(image, prepared.mask.coverage);
  return {
    job: { init: { image: filled, strength }, mask: prepared.mask },
    recipe: { init: { sha256, strength }, mask: prepared.sha256 },
    kept: { picture, mask: prepared },
  };
}

async function growSource(
  init: GenerationRequest['init'],
  mask: GenerationRequest['mask'],
  borders: NonNullable<GenerationRequest['outpaint']>,
  width: number,
  height: number,
): Promise<PreparedSource> {
  if (!init || mask) throw cannotGrow(init === null);
  const { raster, strength } = init;
  const picture = await prepareInit(raster, raster.width, raster.height);
  const { raster: sheet, coverage } = growPicture(raster, borders, width, height);
  const image = fillBlank(sheet, coverage);
  return {
    job: { init: { image, strength }, mask: { width, height, coverage } },
    recipe: { init: { sha256: picture.sha256, strength }, ...given({ outpaint: borders }) },
    kept: { picture },
  };
}

function cannotGrow(alone: boolean): StudioError {
  return alone
    ? new StudioError(
        'generation/outpaint-without-picture',
        'There are borders to paint but no picture that they are around. Nothing was started.',
        'Give the picture to grow.',
      )
    : new StudioError(
        'generation/outpaint-with-mask',
        'There are borders to paint and a mask. Nothing was started.',
        'Give one of them: what is added is painted, the rest is kept.',
      );
}

function maskWithoutPicture(): StudioError {
  return new StudioError(
    'generation/mask-without-picture',
    'There is a mask but no picture to start from. Nothing was started.',
    'Give the picture that the mask is for.',
  );
}
