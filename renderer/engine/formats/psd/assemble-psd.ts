import { FormatError } from '../picture-file.ts';
import type { SplicedChannels } from './splice-channels.ts';

/** What ag-psd does not write, or not as it has to be here. */
export interface FileFacts {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly large: boolean;
  /** True when the merged picture has transparency. */
  readonly hasAlpha: boolean;
  /** An image resource block to be added; null for none. */
  readonly profileBlock: Uint8Array | null;
  /** The merged picture, compression included, in parts. */
  readonly merged: readonly Uint8Array[];
  /** What the stand-ins in the layers stand for. */
  readonly channels: SplicedChannels;
}

/** Adobe's file format specification: "PSD … 2 GB". */
const MAX_PSD_BYTES = 2 ** 31;
const HEADER_BYTES = 26;
const RGB = 3;

/**
 * Makes a whole file of the structure that ag-psd wrote (with stand-ins for its layers' channels, and an empty merged
 * picture) and what it cannot write: 16 bits, an ICC profile, a merged picture of one's own, channels that are not copied.
 *
 * @param written is made part of the file as it is, and changed where transparency has to be noted.
 * @returns the file in parts, in order: together they may be more than should be held twice.
 * @throws FormatError when a PSD would be larger than 2 GB.
 *
 * With 16 bits the layers stand in a block of their own, `Lr16`, as Photoshop has it ("Additional Layer Information").
 */
export function assemblePsd(written: Uint8Array, facts: FileFacts): Uint8Array[] {
  const { large } = facts;
  const resources = section(written, HEADER_BYTES + 4, false);
  const layers = section(written, resources.end, large);
  const profile = facts.profileBlock ?? new Uint8Array();
  const layerSection = layersOf(written.subarray(layers.start, layers.end), facts);
  const parts = [
    header(facts),
    new Uint8Array(4),
    lengthField(resources.end - resources.start + profile.byteLength, false),
    written.subarray(resources.start, resources.end),
    profile,
    lengthField(
      layerSection.reduce((sum, part) => sum + part.byteLength, 0),
      large,
    ),
    ...layerSection,
    ...facts.merged,
  ];
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (!large && bytes > MAX_PSD_BYTES)
    throw new FormatError(
      `The file would be ${Math.round(bytes / 2 ** 20)} MB; a PSD goes up to 2048 MB.`,
      'Write a PSB, which may be larger.',
    );
  return parts;
}

function section(bytes: Uint8Array, at: number, wide: boolean): { start: number; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = at + (wide ? 8 : 4);
  return { start, end: start + (wide ? Number(view.getBigUint64(at)) : view.getUint32(at)) };
}

function header({ width, height, depth, large, hasAlpha }: FileFacts): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x38_42_50_53);
  view.setUint16(4, large ? 2 : 1);
  view.setUint16(12, hasAlpha ? 4 : 3);
  view.setUint32(14, height);
  view.setUint32(18, width);
  view.setUint16(22, depth);
  view.setUint16(24, RGB);
  return bytes;
}

/** The layer and mask section: as it was written, or with the layers moved into their block. */
function layersOf(written: Uint8Array, { depth, large, hasAlpha, channels }: FileFacts): Uint8Array[] {
  const info = section(written, 0, large);
  const content = written.subarray(info.start, info.end);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  // A negative count of layers says that the merged picture has transparency.
  if (hasAlpha) view.setInt16(0, -Math.abs(view.getInt16(0)));
  const spliced = channels.splice(content, large);
  const bytes = spliced.reduce((sum, part) => sum + part.byteLength, 0);
  const padding = new Uint8Array((4 - (bytes % 4)) % 4);
  const rest = written.subarray(info.end);
  if (depth === 8) return [lengthField(bytes + padding.byteLength, large), ...spliced, padding, rest];
  const maskEnd = section(rest, 0, false).end;
  return [
    new Uint8Array(large ? 8 : 4),
    rest.subarray(0, maskEnd),
    Uint8Array.from(asciiCodes(large ? '8B64Lr16' : '8BIMLr16')),
    lengthField(bytes + padding.byteLength, large),
    ...spliced,
    padding,
    rest.subarray(maskEnd),
  ];
}

function asciiCodes(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function lengthField(length: number, wide: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(wide ? 8 : 4));
  if (wide) view.setBigUint64(0, BigInt(length));
  else view.setUint32(0, length);
  return new Uint8Array(view.buffer);
}
