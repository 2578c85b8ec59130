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

const COMPUTED = 1;
const SAMPLED = 2;
const MAX_BRUSHES = 4096;
const MAX_TIP_PIXELS = 4096 * 4096;

/**
 * Reads ABR files of versions 1 and 2 (Photoshop 3 to 6), after the layout that GIMP's and Krita's readers document:
 * count; for each brush type, size, then either numbers of a round tip or a grey bitmap, raw or PackBits.
 *
 * @throws EngineError `unreadable-file`
 */
export function readOldAbr(bytes: Uint8Array, fileName: string): ImportedFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getInt16(0);
  const count = bytes.length >= 4 ? view.getInt16(2) : -1;
  if (count < 0 || count > MAX_BRUSHES) throw unreadable(`${count} brushes make no sense`);
  const brushes: ImportedBrush[] = [];
  let at = 4;
  for (let number = 1; number <= count; number++) {
    if (at + 6 > bytes.length) throw unreadable('it ends within a brush');
    const type = view.getInt16(at);
    const size = view.getUint32(at + 2);
    const from = at + 6;
    if (from + size > bytes.length) throw unreadable('a brush reaches beyond its end');
    const fallback = `${tidyName(fileName.replace(/\.[^.]*$/, ''), 'Brush')} ${number}`;
    const read =
      type === COMPUTED
        ? readComputed(view, from, size, fallback, number)
        : type === SAMPLED
          ? readSampled(view, bytes, from, size, version, fallback, number)
          : null;
    if (read) brushes.push(read);
    at = from + size;
  }
  if (brushes.length === 0) throw unreadable('no brush is in it');
  return { program: 'Photoshop', version: String(version), brushes };
}

function readComputed(
  view: DataView,
  at: number,
  size: number,
  name: string,
  number: number,
): ImportedBrush | null {
  if (size < 14) return null;
  const brush = brushWith({
    id: idFrom(name, number),
    name,
    spacing: within(view.getInt16(at + 4) / 100, 0.01, 10, 0.25),
    size: within(view.getInt16(at + 6), 0.5, 4096, 12),
    roundness: within(view.getInt16(at + 8) / 100, 0.01, 1, 1),
    angle: -within(view.getInt16(at + 10), -360, 360, 0),
    hardness: within(view.getInt16(at + 12) / 100, 0, 1, 1),
  });
  checkBrush(brush);
  return { brush, notes: [] };
}

function readSampled(
  view: DataView,
  bytes: Uint8Array,
  from: number,
  size: number,
  version: number,
  fallback: string,
  number: number,
): ImportedBrush | null {
  const end = from + size;
  let at = from + 4;
  if (at + 2 > end) return null;
  const spacing = view.getInt16(at) / 100;
  at += 2;
  let name = fallback;
  if (version === 2) {
    if (at + 4 > end) return null;
    const length = view.getUint32(at);
    at += 4;
    if (at + length * 2 > end) throw unreadable('a name reaches beyond its brush');
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint16(at + i * 2));
    name = tidyName(text, fallback);
    at += length * 2;
  }
  // Anti-aliasing, then bounds in 16 bits, which the ones in 32 bits replace.
  at += 1 + 8;
  if (at + 19 > end) throw unreadable('a tip is cut off');
  const height = view.getInt32(at + 8) - view.getInt32(at);
  const width = view.getInt32(at + 12) - view.getInt32(at + 4);
  const depth = view.getInt16(at + 16);
  const packed = view.getUint8(at + 18) === 1;
  at += 19;
  if (height <= 0 || width <= 0 || height * width > MAX_TIP_PIXELS)
    throw unreadable(`a tip of ${width} × ${height} pixels makes no sense`);
  if (depth !== 8 && depth !== 16) throw unreadable(`a tip has ${depth} bits a pixel`);
  const rowBytes = width * (depth / 8);
  const pixels = packed
    ? unpackRows(view, bytes, at, end, rowBytes, height)
    : bytes.subarray(at, Math.min(end, at + rowBytes * height));
  if (pixels.length < rowBytes * height) throw unreadable('a tip is cut off');
  const step = depth / 8;
  const alpha = Uint8Array.from({ length: width * height }, (_, i) => pixels[i * step] ?? 0);
  const bitmap = toTipBitmap(width, height, alpha);
  if (!bitmap) return null;
  const brush = brushWith({
    id: idFrom(name, number),
    name,
    tip: 'bitmap',
    bitmap,
    spacing: within(spacing, 0.01, 10, 0.25),
    size: within(Math.max(width, height), 0.5, 1000, 64),
  });
  checkBrush(brush);
  return { brush, notes: [] };
}

/** PackBits, a row at a time, whose packed lengths stand before the first. */
function unpackRows(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
  rowBytes: number,
  rows: number,
): Uint8Array {
  const out = new Uint8Array(rowBytes * rows);
  let from = at + rows * 2;
  for (let row = 0; row < rows; row++) {
    if (at + row * 2 + 2 > end) throw unreadable('a tip is cut off');
    const length = view.getUint16(at + row * 2);
    const stop = Math.min(end, from + length);
    let to = row * rowBytes;
    const rowEnd = to + rowBytes;
    for (let i = from; i < stop && to < rowEnd;) {
      const code = view.getInt8(i++);
      if (code >= 0) {
        for (let k = 0; k <= code && to < rowEnd && i < stop; k++) out[to++] = bytes[i++] ?? 0;
      } else if (code !== -128) {
        const value = bytes[i++] ?? 0;
        for (let k = 0; k <= -code && to < rowEnd; k++) out[to++] = value;
      }
    }
    from += length;
  }
  return out;
}
