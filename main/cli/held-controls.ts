import {
  type GenerationRequest,
  type ModelCard,
  type Raster,
  StudioError,
} from '../../preload/contract/index.ts';
import type { AdapterOption } from './parse-inputs.ts';
import type { Preparation } from './parse-option.ts';
import { readPicture } from './read-picture.ts';

/** The options of `impasto generate` that say what a picture is held to. */
export interface ControlFlags {
  control: string[];
  controlnet: AdapterOption[];
  prepare: Preparation[];
}

/** A picture to hold to. Without a network of its own, the model's own is meant, which wants lines. */
export interface HeldPicture {
  readonly raster: Raster;
  readonly prepare: Preparation | undefined;
  readonly net: AdapterOption | undefined;
}

/**
 * Reads the pictures of `--control`.
 *
 * @throws StudioError `cli/controls-unpaired`, `cli/picture-…`, `picture/…`
 */
export async function readHeldPictures({
  control,
  controlnet,
  prepare,
}: ControlFlags): Promise<HeldPicture[]> {
  if (control.length !== controlnet.length && (controlnet.length > 0 || control.length !== 1)) {
    throw new StudioError(
      'cli/controls-unpaired',
      `There are ${control.length} --control and ${controlnet.length} --controlnet. Nothing was started.`,
      'Give one --control for each --controlnet, in the same order; a single sketch for the embedded model needs none.',
    );
  }
  if (prepare.length > Math.max(1, control.length)) {
    throw new StudioError(
      'cli/controls-unpaired',
      `There are ${prepare.length} --prepare for ${control.length} --control. Nothing was started.`,
      'Give --prepare once for all of them, or once for each.',
    );
  }
  return Promise.all(
    control.map(async (file, i) => ({
      raster: await readPicture(file, '--control'),
      // One for all, or one each.
      prepare: prepare[i] ?? prepare[0],
      net: controlnet[i],
    })),
  );
}

/**
 * What a request says of these pictures, for a model.
 *
 * @throws StudioError `cli/no-controlnet` when a picture names no network and none came with the model
 */
export function heldControls(
  held: readonly HeldPicture[],
  card: Pick<ModelCard, 'name' | 'controls'>,
): NonNullable<GenerationRequest['controls']> {
  return held.map(({ raster, prepare, net }) => {
    if (net !== undefined) {
      const { region: _everywhere, ...rest } = net;
      return { ...rest, raster, prepare };
    }
    const own = card.controls?.[0];
    if (own !== undefined) return { path: own.path, strength: 1, raster, prepare: prepare ?? 'lines' };
    throw new StudioError(
      'cli/no-controlnet',
      `There is a --control, but no ControlNet came with ${card.name}. Nothing was started.`,
      'Give a ControlNet made for this kind of model with --controlnet.',
    );
  });
}
