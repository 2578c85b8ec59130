import type { LibraryCard, ModelCard } from '../../preload/contract/index.ts';
import type { LayerGuide } from '../engine/layers/conditioning.ts';

/** A way in which a layer can guide the picture. */
export interface GuideType {
  readonly id: string;
  readonly label: string;
  /** What the layer should hold. */
  readonly about: string;
  readonly prepare: LayerGuide['prepare'];
  /** How names of ControlNets for it are written. */
  readonly names: RegExp;
}

/** Types by what their ControlNets were trained on; what has no network of its own is drawn on the layer by hand. */
export const GUIDE_TYPES: readonly GuideType[] = [
  {
    id: 'scribble',
    label: 'Sketch',
    about: 'rough lines, drawn loosely',
    prepare: 'lines',
    names: /scribble|sketch/i,
  },
  {
    id: 'lines',
    label: 'Lines',
    about: 'clean lines, followed closely',
    prepare: 'lines',
    names: /line-?art|lines?(?![a-z])|mlsd/i,
  },
  {
    id: 'canny',
    label: 'Edges',
    about: 'edges found in a painting or photo (Canny)',
    prepare: 'canny',
    names: /canny|edge/i,
  },
  {
    id: 'depth',
    label: 'Depth as it is',
    about: 'a grey picture: white is near',
    prepare: 'as-is',
    names: /depth/i,
  },
  {
    id: 'pose',
    label: 'Pose as it is',
    about: 'a drawn OpenPose skeleton',
    prepare: 'as-is',
    names: /pose/i,
  },
  {
    id: 'normal',
    label: 'Normals as they are',
    about: 'a map of surface directions',
    prepare: 'as-is',
    names: /normal/i,
  },
  {
    id: 'segments',
    label: 'Segments as they are',
    about: 'flat colours, one for each kind of thing',
    prepare: 'as-is',
    names: /seg/i,
  },
  {
    id: 'tile',
    label: 'Picture as it is',
    about: 'a picture whose detail is made anew',
    prepare: 'as-is',
    names: /tile|inpaint|recolou?r/i,
  },
];

/** A type, and the network that serves it; null when there is none. */
export interface OfferedGuide {
  readonly type: GuideType;
  readonly net: Pick<LibraryCard, 'path' | 'name'> | null;
}

/**
 * Every type with the network that serves it, and below them networks whose names tell no type. What comes with the model goes
 * before what the library has.
 *
 * @param model that is painted with; null takes networks of any family
 */
export function offeredGuides(
  files: readonly LibraryCard[],
  model: Pick<ModelCard, 'family' | 'controls'> | null,
): OfferedGuide[] {
  const fitting = files.filter(
    ({ kind, family }) =>
      kind === 'controlnet' && (family === null || model === null || family === model.family),
  );
  const nets = [...(model?.controls ?? []), ...fitting];
  const known = GUIDE_TYPES.map((type) => ({
    type,
    net: nets.find(({ path }) => type.names.test(nameOf(path))) ?? null,
  }));
  const others = nets.filter(({ path }) => !GUIDE_TYPES.some(({ names }) => names.test(nameOf(path))));
  return [
    ...known,
    ...others.map((net) => ({ type: { ...AS_IS, id: net.path, label: `${net.name} as it is` }, net })),
  ];
}

const AS_IS = {
  about: 'a picture of the kind that this network was trained on',
  prepare: 'as-is',
  names: /^$/,
} as const;

/** Its folder counts too: diffusers' folders are often called after the type, the file in them never. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).slice(-2).join(' ');
}

/**
 * What would enable a type, as such files are usually called.
 *
 * @param family of the model, as cards write it
 */
export function missingNet({ id }: GuideType, family: string | null, model: string): string {
  if (family?.startsWith('SD1'))
    return `Needs control_v11p_sd15_${FILE_WORDS[id] ?? id}.safetensors in the library`;
  if (family === 'SDXL') return `Needs controlnet-${FILE_WORDS[id] ?? id}-sdxl-1.0 in the library`;
  return `Needs a ControlNet for ${model} with "${FILE_WORDS[id] ?? id}" in its name`;
}

const FILE_WORDS: Readonly<Record<string, string>> = {
  lines: 'lineart',
  pose: 'openpose',
  normal: 'normalbae',
  segments: 'seg',
};

/** How a guide is named in lists. */
export function guideName({ path, prepare }: LayerGuide): string {
  const type = GUIDE_TYPES.find(({ names, prepare: own }) => own === prepare && names.test(nameOf(path)));
  return type?.label ?? { 'as-is': 'As it is', canny: 'Edges', lines: 'Lines' }[prepare];
}
