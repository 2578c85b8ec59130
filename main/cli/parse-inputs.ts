import { InvalidArgumentError } from 'commander';
import type { GenerationRequest } from '../../preload/contract/index.ts';
import { wholeNumber } from './parse-option.ts';

/** A model file, how strongly it acts, and when and where. */
export interface AdapterOption {
  readonly path: string;
  readonly strength: number;
  /** Part of the run, as shares of its steps. */
  readonly start?: number;
  readonly end?: number;
  /** A picture of the part of the picture that it acts in. */
  readonly region?: string;
}

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)`;
const PICTURE = String.raw`\.(?:png|jpe?g|webp|avif|gif|tiff?)`;
const STRENGTH = new RegExp(`^(.+):(${NUMBER})$`);
const PART = new RegExp(`^(.+)@(${NUMBER})-(${NUMBER})$`);
const PLACE = new RegExp(`^(.+?)@([^@]+${PICTURE})$`, 'i');

/**
 * Parses `PATH[:STRENGTH][@START-END][@MASK.png]` and adds it to those before. A colon that no number follows belongs to
 * the path, as in `C:\loras\ink.safetensors`; so does an @ that neither shares nor a picture follow.
 */
export function adapterOption(text: string, before: readonly AdapterOption[]): AdapterOption[] {
  let rest = text;
  let option: Omit<AdapterOption, 'path' | 'strength'> = {};
  const place = PLACE.exec(rest);
  if (place) {
    option = { region: place[2] ?? '' };
    rest = place[1] ?? '';
  }
  const part = PART.exec(rest);
  if (part) {
    option = { ...option, start: share(part[2]), end: share(part[3]) };
    rest = part[1] ?? '';
  }
  const strength = STRENGTH.exec(rest);
  const path = strength?.[1] ?? rest;
  return [...before, { path, strength: strength ? Number(strength[2]) : 1, ...option }];
}

/** As {@link adapterOption}, for what cannot be limited to a part of the picture. */
export function controlnetOption(text: string, before: readonly AdapterOption[]): AdapterOption[] {
  const options = adapterOption(text, before);
  if (options.at(-1)?.region === undefined) return options;
  throw new InvalidArgumentError('A ControlNet holds the whole picture; limit it with a control picture.');
}

/** Parses `FROM-TO`, shares of the steps. */
export function runPart(text: string): { start: number; end: number } {
  const [, from, to] = new RegExp(`^(${NUMBER})-(${NUMBER})$`).exec(text.trim()) ?? [];
  if (from === undefined)
    throw new InvalidArgumentError(`"${text}" is not FROM-TO in shares of the steps, such as 0.1-0.8.`);
  const part = { start: share(from), end: share(to) };
  if (part.start < part.end) return part;
  throw new InvalidArgumentError(`"${text}" ends before it begins; 0.1-0.8 is from a tenth to four fifths.`);
}

function share(text: string | undefined): number {
  const value = Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(`"${text}" is no share of the steps: 0 is the first, 1 is past the last.`);
}

/** A mask file and the words for what it covers. */
export interface RegionOption {
  readonly mask: string;
  readonly prompt: string;
  readonly weight?: number;
}

const REGION = new RegExp(`^(.+?${PICTURE}):(.*?)(?::(${NUMBER}))?$`, 'is');

/** Parses `MASK.png:WORDS[:WEIGHT]` and adds it to those before. */
export function regionOption(text: string, before: readonly RegionOption[]): RegionOption[] {
  const [, mask = '', prompt = '', weight] = REGION.exec(text) ?? [];
  if (mask === '' || prompt.trim() === '') {
    throw new InvalidArgumentError(`"${text}" is not MASK.png:WORDS, such as left.png:"a red house".`);
  }
  return [...before, { mask, prompt, ...(weight === undefined ? {} : { weight: Number(weight) }) }];
}

/** Pixels to paint around a picture. */
export type Borders = NonNullable<GenerationRequest['outpaint']>;

/** Parses `LEFT,TOP,RIGHT,BOTTOM` in pixels. */
export function borders(text: string): Borders {
  const sides = text.split(',').map((side) => wholeNumber(side));
  const [left = 0, top = 0, right = 0, bottom = 0] = sides;
  if (sides.length !== 4 || sides.some((side) => side < 0) || sides.every((side) => side === 0)) {
    throw new InvalidArgumentError(`"${text}" is not LEFT,TOP,RIGHT,BOTTOM in pixels, such as 0,0,128,0.`);
  }
  return { left, top, right, bottom };
}
/** Two passes, as they are asked for. */
export interface HiresOption {
  /** How many times as large as the first pass the picture is. */
  readonly scale: number;
  readonly strength: number;
  readonly method: HiresMethod;
}

type HiresMethod = NonNullable<NonNullable<GenerationRequest['hires']>['method']>;
const HIRES_METHODS: readonly HiresMethod[] = ['lanczos', 'latent-linear', 'latent-nearest'];
/** What the second pass makes anew: enough to sharpen, too little to put a second motif into the first. */
const HIRES_STRENGTH = 0.35;

/** Parses `2x[:STRENGTH][:METHOD]`. */
export function hiresOption(text: string): HiresOption {
  const [, scale, strength, method = 'lanczos'] =
    new RegExp(`^(${NUMBER})x(?::(${NUMBER}))?(?::([a-z-]+))?$`, 'i').exec(text) ?? [];
  const known = HIRES_METHODS.find((name) => name === method);
  const given = { scale: Number(scale), strength: Number(strength ?? HIRES_STRENGTH) };
  if (
    known !== undefined &&
    given.scale > 1 &&
    given.scale <= 8 &&
    given.strength >= 0 &&
    given.strength <= 1
  ) {
    return { ...given, method: known };
  }
  throw new InvalidArgumentError(
    `"${text}" is not SCALEx[:STRENGTH][:METHOD], such as 2x:0.35; methods are ${HIRES_METHODS.join(', ')}.`,
  );
}
