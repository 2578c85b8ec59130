import { brushWith } from '../brush.ts';
import { checkBrush } from '../check-brush.ts';
import {
  idFrom,
  type ImportedBrush,
  type ImportedFile,
  tidyName,
  unreadable,
  within,
} from './imported-brush.ts';
import { toTipBitmap } from './tip-pixels.ts';

const HEADER_BYTES = 28;
const OLD_HEADER_BYTES = 20;
/** "GIMP", in brushes of version 2. */
const MAGIC = 0x47_49_4d_50;
const MAX_TIP_PIXELS = 4096 * 4096;
/** Largest brush that is kept. */
const MAX_SIZE = 1000;
/** The first two lines of a pipe, which hold its name and its settings. */
const MAX_LINE = 4096;
/** The line that says of what kind a parametric brush is. */
const PARAMETRIC = 'GIMP-VBR';

/** True for a brush of GIMP that says so itself: one tip, or a parametric one. A pipe has no mark. */
export function isGimpBrush(bytes: Uint8Array): boolean {
  if (textOf(bytes.subarray(0, PARAMETRIC.length)) === PARAMETRIC) return true;
  return bytes.length >= HEADER_BYTES && viewOf(bytes).getUint32(20) === MAGIC;
}

/**
 * Reads brushes of GIMP, after its "devel-docs": one tip (`.gbr`, versions 1 and 2), several (`.gih`, of which the first
 * is taken), or a shape by numbers (`.vbr`, versions 1.0 and 1.5).
 *
 * @throws EngineError `unreadable-file`
 */
export function readGimpBrush(
  bytes: Uint8Array,
  fileName: string,
  decodeText: (bytes: Uint8Array) => string,
): ImportedFile {
  const stem = tidyName(fileName.replace(/\.[^.]*$/, ''), 'Brush');
  if (textOf(bytes.subarray(0, PARAMETRIC.length)) === PARAMETRIC)
    return readParametric(decodeText(bytes.subarray(0, MAX_LINE)), stem);
  if (/\.gih$/i.test(fileName)) return readPipe(bytes, stem, decodeText);
  const { tip, version } = readTip(bytes, stem, decodeText);
  return { program: 'GIMP', version: String(version), brushes: [tip] };
}

function readTip(
  bytes: Uint8Array,
  stem: string,
  decodeText: (bytes: Uint8Array) => string,
): { readonly tip: ImportedBrush; readonly version: number } {
  if (bytes.length < HEADER_BYTES) throw unreadable('it is cut short');
  const view = viewOf(bytes);
  const [header, version, width, height, channels] = [0, 4, 8, 12, 16].map((at) => view.getUint32(at)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const known = version === 1 || (version === 2 && view.getUint32(20) === MAGIC);
  if (!known) throw unreadable(`its version ${version} is none that GIMP writes`);
  if (channels !== 1 && channels !== 4) throw unreadable(`its tip has ${channels} channels; 1 or 4 can be`);
  if (width < 1 || height < 1 || width * height > MAX_TIP_PIXELS)
    throw unreadable(`a tip of ${width} × ${height} pixels makes no sense`);
  const named = version === 1 ? OLD_HEADER_BYTES : HEADER_BYTES;
  if (header < named || header + width * height * channels > bytes.length)
    throw unreadable('its tip is cut off');
  // Of a coloured tip, that paints like a stamp, what it covers.
  const alpha =
    channels === 1
      ? bytes.slice(header, header + width * height)
      : Uint8Array.from({ length: width * height }, (_, i) => bytes[header + i * 4 + 3] as number);
  const bitmap = toTipBitmap(width, height, alpha);
  if (!bitmap) throw unreadable('nothing is on its tip');
  const name = tidyName(decodeText(bytes.subarray(named, header)).replace(/\0.*$/s, ''), stem);
  const brush = brushWith({
    id: idFrom(name, 1),
    name,
    tip: 'bitmap',
    bitmap,
    spacing: within(version === 2 ? view.getUint32(24) / 100 : 0.25, 0.01, 10, 0.25),
    size: within(Math.max(bitmap.width, bitmap.height, Math.min(width, height)), 0.5, MAX_SIZE, 64),
  });
  checkBrush(brush);
  return { tip: { brush, notes: channels === 4 ? ['The colours of the tip are left out.'] : [] }, version };
}

/** Two lines of text, then one tip after the other. */
function readPipe(bytes: Uint8Array, stem: string, decodeText: (bytes: Uint8Array) => string): ImportedFile {
  const first = lineEnd(bytes, 0);
  const second = lineEnd(bytes, first + 1);
  const name = tidyName(decodeText(bytes.subarray(0, first)), stem);
  const settings = decodeText(bytes.subarray(first + 1, second));
  const count = Number(/^\d+/.exec(settings)?.[0] ?? 0);
  if (!(count >= 1)) throw unreadable('it does not say how many tips it has');
  const { tip, version } = readTip(bytes.subarray(second + 1), stem, decodeText);
  const brush = { ...tip.brush, id: idFrom(name, 1), name };
  const notes = [
    ...tip.notes,
    ...(count > 1 ? [`${count - 1} of ${count} tips are left out; the first is taken.`] : []),
  ];
  return { program: 'GIMP', version: `pipe of ${version}`, brushes: [{ brush, notes }] };
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.subarray(from, from + MAX_LINE).indexOf(0x0a);
  if (end < 0) throw unreadable('it is no brush of GIMP');
  return from + end;
}

/** Distance from the middle, 1 at the edge, of GIMP's parametric shapes. */
const DISTANCES: ReadonlyMap<string, (x: number, y: number) => number> = new Map([
  ['circle', Math.hypot],
  ['square', (x, y) => Math.max(Math.abs(x), Math.abs(y))],
  ['diamond', (x, y) => Math.abs(x) + Math.abs(y)],
]);
/** Edge of a parametric tip's bitmap; it is scaled to the brush's size. */
const DRAWN_EDGE = 128;

/** A tip drawn as GIMP draws it ("gimpbrushgenerated-core.c"): as many sectors as spikes, a bell from the middle outwards. */
function drawTip(shape: string, spikes: number, hardness: number): Uint8Array {
  const distance = DISTANCES.get(shape) ?? Math.hypot;
  const exponent = hardness >= 1 ? 1e6 : 0.4 / (1 - hardness);
  const sector = (2 * Math.PI) / spikes;
  return Uint8Array.from({ length: DRAWN_EDGE * DRAWN_EDGE }, (_, i) => {
    let x = (((i % DRAWN_EDGE) + 0.5) / DRAWN_EDGE) * 2 - 1;
    let y = ((Math.floor(i / DRAWN_EDGE) + 0.5) / DRAWN_EDGE) * 2 - 1;
    if (spikes > 2) {
      const turned = Math.atan2(y, x) - Math.round(Math.atan2(y, x) / sector) * sector;
      const length = Math.hypot(x, y);
      x = length * Math.cos(turned);
      y = length * Math.sin(turned);
    }
    return Math.round(255 * bell(distance(x, y) ** exponent));
  });
}

function bell(value: number): number {
  if (value < 0.5) return 1 - 2 * value * value;
  return value < 1 ? 2 * (1 - value) ** 2 : 0;
}

function readParametric(text: string, stem: string): ImportedFile {
  const lines = text.split(/\r?\n/);
  const version = lines[1]?.trim() ?? '';
  if (version !== '1.0' && version !== '1.5')
    throw unreadable(`its version ${version} is none that GIMP writes`);
  const isNew = version === '1.5';
  const shape = isNew ? (lines[3]?.trim() ?? '') : 'circle';
  const names = isNew
    ? ['spacing', 'radius', 'spikes', 'hardness', 'aspect', 'angle']
    : ['spacing', 'radius', 'hardness', 'aspect', 'angle'];
  const values = new Map(names.map((key, i) => [key, Number.parseFloat(lines[(isNew ? 4 : 3) + i] ?? '')]));
  if ([...values.values()].some((value) => !Number.isFinite(value)))
    throw unreadable('a number in it is missing');
  const name = tidyName(lines[2], stem);
  const get = (key: string): number => values.get(key) ?? 0;
  if (!DISTANCES.has(shape)) throw unreadable(`its shape ${shape} is none that GIMP knows`);
  const spikes = within(get('spikes'), 2, 20, 2);
  const hardness = within(get('hardness'), 0, 1, 1);
  const bitmap =
    shape === 'circle' && spikes <= 2
      ? null
      : toTipBitmap(DRAWN_EDGE, DRAWN_EDGE, drawTip(shape, spikes, hardness));
  const brush = brushWith({
    id: idFrom(name, 1),
    name,
    spacing: within(get('spacing') / 100, 0.01, 10, 0.25),
    size: within(get('radius') * 2, 0.5, MAX_SIZE, 12),
    ...(bitmap ? { tip: 'bitmap', bitmap } : { hardness }),
    roundness: within(1 / get('aspect'), 0.01, 1, 1),
    angle: -within(get('angle'), -360, 360, 0),
  });
  checkBrush(brush);
  return { program: 'GIMP', version, brushes: [{ brush, notes: [] }] };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
