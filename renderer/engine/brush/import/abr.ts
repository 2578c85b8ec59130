import { type Abr, readAbr } from 'ag-psd';
import { EngineError } from '../../error.ts';
import { type Brush, brushWith, type DualTip, type TipBitmap } from '../brush.ts';
import { checkBrush } from '../check-brush.ts';
import { mapDynamics } from './abr-dynamics.ts';
import { readOldAbr } from './abr-old.ts';
import { checkAbrSections } from './check-abr.ts';
import {
  idFrom,
  type ImportedBrush,
  type ImportedFile,
  tidyName,
  unreadable,
  within,
} from './imported-brush.ts';
import { toTipBitmap } from './tip-pixels.ts';

type AbrBrush = Abr['brushes'][number];

/** Largest brush that is kept; Photoshop's reach 5000. */
const MAX_SIZE = 1000;

/**
 * Reads Photoshop brushes (`.abr`): versions 6, 7, 9 and 10 through ag-psd, 1 and 2 by ourselves.
 *
 * Tips (round and sampled), spacing, angle, roundness, hardness, scatter, count, dual brush, colour dynamics, opacity and
 * flow are mapped; what is not is named in each brush's notes.
 *
 * @throws EngineError `unreadable-file`
 */
export function readAbrFile(bytes: Uint8Array, fileName: string): ImportedFile {
  if (bytes.length < 4) throw unreadable('it is empty');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getInt16(0);
  if (version === 1 || version === 2) return guard(() => readOldAbr(bytes, fileName));
  if (![6, 7, 9, 10].includes(version))
    throw unreadable(`its version ${version} is none that Photoshop writes`);
  const abr = guard(() => {
    checkAbrSections(bytes);
    return readAbr(bytes);
  });
  const tips = new Map<string, TipBitmap>();
  for (const { id, bounds, alpha } of abr.samples) {
    const bitmap = toTipBitmap(bounds.w, bounds.h, alpha);
    if (bitmap) tips.set(id, bitmap);
  }
  const stem = tidyName(fileName.replace(/\.[^.]*$/, ''), 'Brush');
  const described = abr.brushes.map((brush, i) =>
    guard(() => mapBrush(brush, tips, tidyName(brush.name, `${stem} ${i + 1}`), i + 1)),
  );
  const brushes = described.length > 0 ? described : bareTips(tips, stem);
  if (brushes.length === 0) throw unreadable('no brush is in it');
  return { program: 'Photoshop', version: `${version}.${view.getInt16(2)}`, brushes };
}

/** Whatever a reader stumbles over in a broken file is one kind of error. */
function guard<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError && error.code === 'unreadable-file') throw error;
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw unreadable(`it is broken or cut off (${reason.slice(0, 120)})`);
  }
}

/** A file without descriptions still has its tips. */
function bareTips(tips: ReadonlyMap<string, TipBitmap>, stem: string): ImportedBrush[] {
  return [...tips.values()].map((bitmap, i) => {
    const name = `${stem} ${i + 1}`;
    const size = Math.min(MAX_SIZE, Math.max(bitmap.width, bitmap.height));
    return {
      brush: brushWith({ id: idFrom(name, i + 1), name, tip: 'bitmap', bitmap, size, spacing: 0.25 }),
      notes: ['The file has only its tip: spacing and dynamics are ours.'],
    };
  });
}

function mapBrush(
  from: AbrBrush,
  tips: ReadonlyMap<string, TipBitmap>,
  name: string,
  number: number,
): ImportedBrush {
  const notes: string[] = [];
  const shape = mapShape(from.shape, tips, notes);
  const { dynamics, scatter, count, jitter } = mapDynamics(from, notes);
  const options = from.toolOptions;
  const percent = (value: unknown, fallback: number): number => within(value, 0, 100, fallback) / 100;
  const brush: Brush = brushWith({
    id: idFrom(name, number),
    name,
    ...shape,
    dual: mapDual(from, shape.size, tips, notes),
    opacity: percent(options?.opacity, 100) || 1,
    flow: percent(options?.flow, 100) || 1,
    scatter,
    count,
    jitter,
    grain: from.texture ? { pattern: 'paper', size: 4, depth: within(from.texture.depth, 0, 1, 0.5) } : null,
    mixing:
      options?.type === 'smudge brush'
        ? { pickup: 1, length: within(percent(options.strength, 50), 0, 1, 0.5), smear: true }
        : options?.type === 'mixer brush'
          ? { pickup: percent(options.mix, 50), length: percent(options.wetness, 50), smear: false }
          : null,
    wetEdge: from.wetEdges ? 0.8 : 0,
    stabiliser: options?.smoothing ? Math.round(within(options.smoothingValue, 0, 100, 10) / 10) : 0,
    dynamics,
  });
  if (from.texture)
    notes.push(`Its texture "${tidyName(from.texture.name, 'pattern')}" became our paper grain.`);
  if (from.noise) notes.push('Noise is left out.');
  if (from.brushPose) notes.push('Its fixed pose of the pen is left out.');
  if (options && options.mode !== 'normal') notes.push(`Its blend mode (${options.mode}) is left out.`);
  checkBrush(brush);
  return { brush, notes: [...new Set(notes)] };
}

type MappedShape = Pick<Brush, 'tip' | 'bitmap' | 'size' | 'hardness' | 'roundness' | 'angle' | 'spacing'>;

function mapShape(
  shape: AbrBrush['shape'],
  tips: ReadonlyMap<string, TipBitmap>,
  notes: string[],
): MappedShape {
  const size = within(shape.size, 0.5, Number.POSITIVE_INFINITY, 20);
  if (size > MAX_SIZE) notes.push(`Its diameter of ${Math.round(size)} px became ${MAX_SIZE}.`);
  const common = {
    size: Math.min(MAX_SIZE, size),
    // Counter-clockwise there, clockwise here.
    angle: -within(shape.angle, -360, 360, 0),
    spacing: shape.spacingOn ? within(shape.spacing, 0.01, 10, 0.25) : 0.05,
    roundness: 'roundness' in shape ? within(shape.roundness, 0.01, 1, 1) : 1,
  };
  if (shape.flipX || shape.flipY) notes.push('The flipped tip is taken as it is.');
  if (shape.type === 'computed')
    return { ...common, tip: 'round', bitmap: null, hardness: within(shape.hardness, 0, 1, 1) };
  if (shape.type === 'sampled') {
    const bitmap = tips.get(shape.sampledData) ?? null;
    if (!bitmap) notes.push('The pixels of its tip are not in the file: it is round.');
    return { ...common, tip: bitmap ? 'bitmap' : 'round', bitmap, hardness: 1 };
  }
  notes.push(
    shape.type === 'dynamic'
      ? 'Its bristle tip became our bristle.'
      : 'Its erodible or airbrush tip became a round one.',
  );
  return {
    ...common,
    tip: shape.type === 'dynamic' ? 'bristle' : 'round',
    bitmap: null,
    hardness: shape.type === 'tips' ? within(shape.tipsHardness, 0, 1, 0.8) : 1,
  };
}

function mapDual(
  { dualBrush }: AbrBrush,
  size: number,
  tips: ReadonlyMap<string, TipBitmap>,
  notes: string[],
): DualTip | null {
  if (!dualBrush) return null;
  const second = mapShape(dualBrush.shape, tips, notes);
  if (dualBrush.blendMode !== 'multiply')
    notes.push(`Its second tip works by multiplying here, not by ${String(dualBrush.blendMode)}.`);
  return {
    tip: second.tip,
    bitmap: second.bitmap,
    size: within(second.size / size, 0.05, 4, 1),
    spacing: within(dualBrush.spacing, 0.01, 10, second.spacing),
    scatter: dualBrush.useScatter ? within(dualBrush.scatterDynamics.jitter, 0, 5, 0) : 0,
    count: Math.round(within(dualBrush.count, 1, 16, 1)),
    hardness: second.hardness,
  };
}
