import { unreadable } from './imported-brush.ts';

/** Largest tip that is read, in pixels: 4096 × 4096. */
const MAX_TIP_PIXELS = 4096 * 4096;
/** Pixels of all tips of a file together. */
const MAX_FILE_PIXELS = 8 * MAX_TIP_PIXELS;

/**
 * Walks the sections of an ABR file of version 6 and above before a reader trusts their sizes: each within the file, each
 * tip with as many pixels as a tip can have.
 *
 * @throws EngineError `unreadable-file`
 */
export function checkAbrSections(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const minor = view.getInt16(2);
  let at = 4;
  let pixels = 0;
  while (at < bytes.length) {
    if (at + 12 > bytes.length) throw unreadable('it ends within a section');
    if (view.getUint32(at) !== 0x38_42_49_4d) throw unreadable('a section does not begin as one');
    const type = view.getUint32(at + 4);
    const size = view.getUint32(at + 8);
    const end = at + 12 + size;
    if (end > bytes.length) throw unreadable('a section reaches beyond its end');
    // 'samp'
    if (type === 0x73_61_6d_70) pixels += checkSamples(view, at + 12, end, minor === 1 ? 10 : 264);
    if (pixels > MAX_FILE_PIXELS) throw unreadable('its tips have more pixels than can be held');
    at = end + ((4 - (size % 4)) % 4);
  }
}

function checkSamples(view: DataView, from: number, end: number, unknown: number): number {
  let at = from;
  let total = 0;
  while (at < end) {
    if (at + 4 > end) throw unreadable('a tip reaches beyond its section');
    const length = view.getUint32(at);
    const next = at + 4 + length + ((4 - (length % 4)) % 4);
    if (length < 8 || next > end + 3) throw unreadable('a tip reaches beyond its section');
    const name = at + 5 + view.getUint8(at + 4);
    const bounds = name + unknown;
    if (bounds + 19 > view.byteLength) throw unreadable('a tip is cut off');
    const height = view.getInt32(bounds + 8) - view.getInt32(bounds);
    const width = view.getInt32(bounds + 12) - view.getInt32(bounds + 4);
    if (height <= 0 || width <= 0 || height * width > MAX_TIP_PIXELS)
      throw unreadable(`a tip of ${width} × ${height} pixels makes no sense`);
    total += height * width;
    at = next;
  }
  return total;
}
