import { EngineError } from '../error.ts';
import type { Rect } from '../geometry/rect.ts';
import { TILE_SIZE } from '../tiles/tile.ts';
import { SelectionMask } from './selection-mask.ts';

/** First byte of a packed selection. */
const VERSION = 1;
const HEADER_BYTES = 17;
/** Longest edge and farthest place of a selection in pixels. */
const EDGE_LIMIT = 16384;
const NAME_LIMIT = 200;
const COUNT_LIMIT = 200;

/** A selection under a name. */
export interface NamedSelection {
  readonly name: string;
  readonly mask: SelectionMask;
}

/**
 * A selection in few bytes: version, x, y, width, height (32 bits, low byte first), then runs of equal values row by row:
 * the value, and how many follow each other as a base-128 number, low digits first.
 */
export function packSelection(mask: SelectionMask): Uint8Array<ArrayBuffer> {
  const { rect } = mask;
  const out = new Uint8Array(packedBytes(mask));
  const view = new DataView(out.buffer);
  view.setUint8(0, VERSION);
  [rect.x, rect.y, rect.width, rect.height].forEach((value, k) => view.setInt32(1 + k * 4, value, true));
  let at = HEADER_BYTES;
  eachRun(mask, (value, length) => {
    out[at++] = value;
    let count = length;
    for (; count > 127; count = Math.floor(count / 128)) out[at++] = (count & 127) | 128;
    out[at++] = count;
  });
  return out;
}

/** How many bytes {@link packSelection} makes of a selection; a line of a photograph may take twice its pixels. */
export function packedBytes(mask: SelectionMask): number {
  let bytes = HEADER_BYTES;
  eachRun(mask, (_value, length) => {
    bytes += 2;
    for (let count = length; count > 127; count = Math.floor(count / 128)) bytes++;
  });
  return bytes;
}

/** Visits the runs of equal values, row by row; rows of one value are not read. */
function eachRun(mask: SelectionMask, visit: (value: number, length: number) => void): void {
  const { rect } = mask;
  let open = 0;
  let length = 0;
  const add = (value: number, count: number): void => {
    if (value === open || length === 0) length += count;
    else {
      visit(open, length);
      length = count;
    }
    open = value;
  };
  const bottom = rect.y + rect.height;
  for (let y = rect.y; y < bottom && rect.width > 0;) {
    const next = Math.min(bottom, (Math.floor(y / TILE_SIZE) + 1) * TILE_SIZE);
    const band = { ...rect, y, height: next - y };
    y = next;
    const value = mask.uniformIn(band);
    if (value !== undefined) {
      add(value, band.width * band.height);
      continue;
    }
    const data = mask.read(band);
    for (let i = 0; i < data.length;) {
      const end = runEnd(data, i);
      add(data[i] as number, end - i);
      i = end;
    }
  }
  if (length > 0) visit(open, length);
}

/** Where the run of equal values that starts at `from` ends. */
function runEnd(data: Uint8Array, from: number): number {
  const value = data[from];
  let end = from + 1;
  while (end < data.length && data[end] === value) end++;
  return end;
}

function damaged(): EngineError {
  return new EngineError('invalid-value', 'A stored selection is damaged and was left out.');
}

function readRect(view: DataView): Rect {
  const [x = 0, y = 0, width = 0, height = 0] = [1, 5, 9, 13].map((at) => view.getInt32(at, true));
  const edges = [width, height].every((edge) => edge >= 0 && edge <= EDGE_LIMIT);
  const places = [x, y].every((place) => Math.abs(place) <= EDGE_LIMIT);
  if (!edges || !places) throw damaged();
  return { x, y, width, height };
}

/** The selection that was packed. @throws EngineError `invalid-value` for bytes that are none; nothing large is made then. */
export function unpackSelection(bytes: Uint8Array): SelectionMask {
  if (bytes.length < HEADER_BYTES || bytes[0] !== VERSION) throw damaged();
  const rect = readRect(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const wanted = rect.width * rect.height;
  const runs: { value: number; count: number }[] = [];
  let total = 0;
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const value = bytes[at++] as number;
    let count = 0;
    for (let shift = 0; ; shift += 7) {
      const digit = bytes[at++];
      if (digit === undefined || shift > 28) throw damaged();
      count += (digit & 127) * 2 ** shift;
      if (digit < 128) break;
    }
    total += count;
    if (count === 0 || total > wanted) throw damaged();
    runs.push({ value, count });
  }
  if (total !== wanted) throw damaged();
  let next = 0;
  let left = runs[0]?.count ?? 0;
  return SelectionMask.ofRows(rect, (_y, _rows, out) => {
    for (let place = 0; place < out.length;) {
      if (left === 0) left = runs[++next]?.count ?? 0;
      const count = Math.min(left, out.length - place);
      out.fill(runs[next]?.value ?? 0, place, place + count);
      place += count;
      left -= count;
    }
  });
}

function* utf16(text: string): IterableIterator<number> {
  for (let i = 0; i < Math.min(text.length, NAME_LIMIT); i++) {
    yield text.charCodeAt(i) & 255;
    yield text.charCodeAt(i) >> 8;
  }
}

/** Selections with their names: version, then for each the length in bytes of name (UTF-16) and mask (32 bits each), and both. */
export function packNamedSelections(selections: readonly NamedSelection[]): Uint8Array<ArrayBuffer> {
  const parts = selections.map(({ name, mask }) => ({
    name: Uint8Array.from(utf16(name)),
    mask: packSelection(mask),
  }));
  const size = parts.reduce((sum, part) => sum + 8 + part.name.length + part.mask.length, 1);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint8(0, VERSION);
  let at = 1;
  for (const { name, mask } of parts) {
    view.setUint32(at, name.length, true);
    view.setUint32(at + 4, mask.length, true);
    out.set(name, at + 8);
    out.set(mask, at + 8 + name.length);
    at += 8 + name.length + mask.length;
  }
  return out;
}

/** The selections that were packed. @throws EngineError `invalid-value` for bytes that are none. */
export function unpackNamedSelections(bytes: Uint8Array): NamedSelection[] {
  if (bytes[0] !== VERSION) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: NamedSelection[] = [];
  for (let at = 1; at < bytes.length;) {
    if (at + 8 > bytes.length || out.length === COUNT_LIMIT) throw damaged();
    const nameLength = view.getUint32(at, true);
    const maskLength = view.getUint32(at + 4, true);
    const end = at + 8 + nameLength + maskLength;
    if (nameLength > NAME_LIMIT * 2 || nameLength % 2 === 1 || end > bytes.length) throw damaged();
    const units = Array.from({ length: nameLength / 2 }, (_, k) => view.getUint16(at + 8 + k * 2, true));
    const name = String.fromCharCode(...units);
    out.push({ name, mask: unpackSelection(bytes.subarray(at + 8 + nameLength, end)) });
    at = end;
  }
  return out;
}
