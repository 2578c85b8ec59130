import { adapterFileIn } from '../../native-models/adapters/adapter-source.ts';
import { type GenerationRequest, StudioError } from '../../preload/contract/index.ts';
import { type ControlFlags, type HeldPicture, readHeldPictures } from './held-controls.ts';
import type { AdapterOption, Borders, HiresOption, RegionOption } from './parse-inputs.ts';
import { readPicture } from './read-picture.ts';

/** The options of `impasto generate` that name files. */
export interface InputFlags extends ControlFlags {
  init?: string;
  strength?: number;
  mask?: string;
  whole: boolean;
  feather?: number;
  colourMatch?: number;
  width?: number;
  height?: number;
  outpaint?: Borders;
  hires?: HiresOption;
  region: RegionOption[];
  adapter: AdapterOption[];
  embedding: string[];
}

/** How much of a picture to start from is made anew, when nobody says. */
const STRENGTH = 0.6;

type Inputs = Pick<
  GenerationRequest,
  'init' | 'mask' | 'local' | 'outpaint' | 'regions' | 'adapters' | 'embeddings'
>;

/**
 * Reads the pictures that a request starts from and is held to, before a studio is opened.
 *
 * @throws StudioError `cli/controls-unpaired`, `cli/mask-without-init`, `cli/picture-…`, `picture/…`
 */
export async function readInputs(flags: InputFlags): Promise<Inputs & { held: HeldPicture[] }> {
  checkPairs(flags);
  const { init, mask, adapter, embedding } = flags;
  return {
    held: await readHeldPictures(flags),
    init:
      init === undefined
        ? null
        : { raster: await readPicture(init, '--image'), strength: flags.strength ?? STRENGTH },
    mask: mask === undefined ? null : await readPicture(mask, '--mask'),
    ...localEdit(flags),
    outpaint: flags.outpaint,
    regions: await Promise.all(
      flags.region.map(async ({ mask: place, ...words }) => ({
        ...words,
        raster: await readPicture(place, '--region'),
      })),
    ),
    adapters: await Promise.all(
      adapter.map(async ({ region, path, ...rest }) => {
        const found = { ...rest, path: await adapterFileIn(path) };
        return region === undefined ? found : { ...found, region: await readPicture(region, '--lora') };
      }),
    ),
    embeddings: embedding.map((path) => ({ path })),
  };
}

/** A masked part is worked on by itself, unless the size of the whole picture is asked for. */
function localEdit({ mask, whole, width, height, feather, colourMatch }: InputFlags): Pick<Inputs, 'local'> {
  if (mask === undefined || whole || width !== undefined || height !== undefined) return {};
  const local = { colourMatch: colourMatch ?? 1 };
  return { local: feather === undefined ? local : { ...local, feather } };
}

function checkPairs(flags: InputFlags): void {
  const { init, mask, outpaint } = flags;
  checkCompany(flags);
  if (mask !== undefined && init === undefined) {
    throw new StudioError(
      'cli/mask-without-init',
      'There is a --mask but no --image that it could be for. Nothing was started.',
      'Give the picture that the mask is for with --image.',
    );
  }
  if (outpaint !== undefined && (init === undefined || mask !== undefined)) {
    throw new StudioError(
      'cli/outpaint-init',
      `There is an --outpaint ${init === undefined ? 'but no --image that it could grow' : 'and a --mask'}. Nothing was started.`,
      init === undefined
        ? 'Give the picture to grow with --image.'
        : 'Give one of them: what is added is painted, the rest is kept.',
    );
  }
}

/** An option that would do nothing is a mistake, and is told rather than passed over. */
function checkCompany({ init, strength, mask, whole, feather, colourMatch }: InputFlags): void {
  const idle: [string, boolean, string][] = [
    ['--strength', strength !== undefined && init === undefined, '--image'],
    ['--whole', whole && mask === undefined, '--mask'],
    ['--feather', feather !== undefined && mask === undefined, '--mask'],
    ['--colour-match', colourMatch !== undefined && mask === undefined, '--mask'],
  ];
  const [lonely] = idle.filter(([, alone]) => alone);
  if (lonely === undefined) return;
  throw new StudioError(
    'cli/option-without-picture',
    `There is a ${lonely[0]} but no ${lonely[2]} that it could be for. Nothing was started.`,
    `Give ${lonely[2]} as well, or leave ${lonely[0]} out.`,
  );
}
