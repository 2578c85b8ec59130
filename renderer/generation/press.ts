import type { GenerationRequest, Raster } from '../../preload/contract/index.ts';
import type { PaintDocument } from '../engine/document.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import type { LayerRecord } from '../engine/layers/layer-record.ts';
import { combineSelections } from '../engine/selection/combine.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import { featherSelection, growSelection } from '../engine/selection/reshape.ts';
import { readRegion } from '../engine/tiles/region.ts';
import { baseRequest, enlarged } from './build-request.ts';
import { guideLayers, onlyGroup, wordGroups } from './canvas-facts.ts';
import { autoFrame, selectionFrame } from './frame.ts';
import type { GenerationForm } from './generation-store.ts';
import { cutMask, groupCoverage } from './group-coverage.ts';
import { blankPart, groupArea } from './picture-content.ts';
import { placeAdapters } from './place-adapters.ts';
import { shrinkByWhole } from './resample.ts';
import type { VerbKind } from './verb.ts';

/** Largest number of pixels of a picture that is sent to be painted in; larger ones are shrunk first. */
const MOST_PIXELS = 4096 * 1024;

/** What a press is made from. */
export interface PressSource {
  readonly document: PaintDocument;
  readonly selection: SelectionMask | null;
  readonly activeLayerId: string | null;
  /** Composited pixels of the finished picture, RGBA8 straight. */
  readonly read: (rect: Rect) => Uint8Array<ArrayBuffer>;
}

/** What a press asks for, and where its picture belongs. */
export interface Press {
  readonly request: Omit<GenerationRequest, 'seed'>;
  readonly frame: Rect;
  /** What of the picture is taken; null takes all of the frame. */
  readonly mask: SelectionMask | null;
}

/** A press that cannot be made, in a sentence, and what to do. */
export interface CannotPress {
  readonly message: string;
  readonly remedy: string;
}

type ModelSize = Parameters<typeof selectionFrame>[2];

/** The mask that a verb paints in, and the rectangle that is looked at; a verb without one has the whole frame. */
export function areaOf(
  kind: VerbKind,
  source: Pick<PressSource, 'document' | 'selection' | 'activeLayerId'>,
  manual: Rect | null,
  form: Pick<GenerationForm, 'width' | 'height'>,
  model: ModelSize,
): { readonly frame: Rect; readonly mask: SelectionMask | null } | CannotPress {
  const { document, selection, activeLayerId } = source;
  const whole = manual ?? autoFrame(document, form);
  const around = (mask: SelectionMask): Rect => manual ?? selectionFrame(document, mask.bounds(), model);
  switch (kind) {
    case 'generate':
    case 'generate-over':
    case 'refine':
      return { frame: whole, mask: null };
    case 'extend':
      return { frame: whole, mask: blankPart(document, whole) };
    case 'redo-group': {
      const group = onlyGroup(recordsOf(document), activeLayerId);
      const area = group && groupArea(document, group.id);
      if (area) return { frame: around(area), mask: area };
      const name = group?.name ?? 'The group';
      return { message: `${name} has no paint yet.`, remedy: `Paint where ${name} goes.` };
    }
    case 'fill':
    case 'refine-selection':
    case 'remove':
      return selection
        ? { frame: around(selection), mask: selection }
        : { message: 'Nothing is selected.', remedy: 'Select what is to be painted.' };
    default:
      return kind satisfies never;
  }
}

/** Reads the canvas for a verb. The pixels are those of this moment: painting goes on while the job runs. */
export function preparePress(
  kind: VerbKind,
  source: PressSource,
  form: GenerationForm,
  manual: Rect | null,
  model: ModelSize,
): Press | CannotPress {
  const area = areaOf(kind, source, manual, form, model);
  if ('message' in area) return area;
  const { frame, mask } = area;
  const part = mask && cutMask(mask, frame);
  if (mask && !part) {
    return {
      message: 'What is selected lies outside the frame.',
      remedy: 'Move the frame over it, or set the frame to Auto.',
    };
  }
  const guides = readGuides(source.document, frame);
  const regions = readRegions(source.document, frame);
  const { seed: _seed, ...base } = baseRequest(form, form.seed);
  const request = {
    ...base,
    adapters: placeAdapters(source.document, frame, base.adapters),
    ...(kind === 'remove' ? { prompt: '' } : {}),
    ...(guides.length > 0 ? { controls: guides } : {}),
    ...(regions.length > 0 ? { regions } : {}),
  };
  // A part of a picture is worked on at its own size.
  const passes = enlarged(form, model.sizeMultiple);
  if (kind === 'generate' || kind === 'generate-over') {
    return { request: { ...request, ...passes, init: null }, frame, mask: null };
  }
  if (part === null) {
    const factor = Math.floor(Math.min(frame.width / form.width, frame.height / form.height));
    const raster = shrinkByWhole({ ...frame, rgba: source.read(frame) }, factor);
    const init = { raster, strength: form.strength };
    return { request: { ...request, ...passes, init }, frame, mask: null };
  }
  const factor = Math.ceil(Math.sqrt((frame.width * frame.height) / MOST_PIXELS));
  // What is taken out is filled from its surroundings before it is painted.
  const pixels = source.read(frame);
  if (kind === 'remove' || kind === 'extend') clear(pixels, part);
  const init = shrinkByWhole({ width: frame.width, height: frame.height, rgba: pixels }, factor);
  return {
    request: {
      ...request,
      init: { raster: init, strength: strengthOf(kind, form.strength) },
      mask: shrinkByWhole(maskRaster(part, frame), factor),
      // The layer's mask fades by itself; what lies under it must be whole.
      local: { feather: 0, crop: { x: 0, y: 0, width: init.width, height: init.height } },
    },
    frame,
    // Paper must not shine through beside a picture; over paint a fading edge hides the seam.
    mask: mask === null || kind === 'extend' ? mask : fadeInwards(mask, source.document.canvas),
  };
}

/** How far a mask fades: a share of its shorter side, within these pixels. */
const FEATHER_SHARE = 0.06;
const MOST_FEATHER = 24;

/** Softens a mask's edge without reaching beyond it: what it left out stays left out. */
function fadeInwards(mask: SelectionMask, canvas: Rect): SelectionMask {
  const { width, height } = mask.bounds();
  const radius = Math.min(MOST_FEATHER, Math.round(Math.min(width, height) * FEATHER_SHARE));
  if (radius < 1) return mask;
  const soft = featherSelection(growSelection(mask, -radius / 2, canvas), radius, canvas);
  return combineSelections(mask, soft, 'intersect').within(mask.rect);
}

/** What was taken out is filled from its surroundings; so much of that is made anew, lest something else be invented. */
const REMOVE_STRENGTH = 0.6;

function strengthOf(kind: VerbKind, strength: number): number {
  if (kind === 'remove') return REMOVE_STRENGTH;
  return kind === 'refine-selection' || kind === 'redo-group' ? strength : 1;
}

function recordsOf(document: PaintDocument): LayerRecord[] {
  return [...document.layers.all()].map(({ record }) => record);
}

/** Where a selection lies in a picture that fills a frame, as requests read masks; null where it lies outside. */
export function maskInFrame(selection: SelectionMask, frame: Rect): Raster | null {
  const part = cutMask(selection, frame);
  return part && maskRaster(part, frame);
}

/** White wherever a mask has a value at all: how much of it shows is the layer's business. */
function maskRaster(values: Uint8Array, { width, height }: Rect): Raster {
  const rgba = new Uint8Array(values.length * 4);
  for (let i = 0; i < values.length; i++) rgba.fill((values[i] ?? 0) > 0 ? 255 : 0, 4 * i, 4 * i + 4);
  return { width, height, rgba };
}

function clear(pixels: Uint8Array, values: Uint8Array): void {
  for (let i = 0; i < values.length; i++) if ((values[i] ?? 0) > 0) pixels[4 * i + 3] = 0;
}

function readGuides(document: PaintDocument, frame: Rect): NonNullable<GenerationRequest['controls']> {
  return guideLayers(recordsOf(document)).map(({ id, guide }) => ({
    path: guide.path,
    strength: guide.strength,
    start: guide.start,
    end: guide.end,
    prepare: guide.prepare,
    raster: {
      width: frame.width,
      height: frame.height,
      rgba: new Uint8Array(readRegion(document.layers.get(id), frame).buffer),
    },
  }));
}

/** Groups with words and paint in the frame; where each lies is its coverage as white. */
function readRegions(document: PaintDocument, frame: Rect): NonNullable<GenerationRequest['regions']> {
  return wordGroups(recordsOf(document)).flatMap(({ id, words }) => {
    const raster = words.prompt.trim() === '' ? null : groupCoverage(document, [id], frame);
    return raster ? [{ prompt: words.prompt, weight: words.weight, raster }] : [];
  });
}
