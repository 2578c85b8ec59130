import { type Layer, type Psd, readPsd } from 'ag-psd';
import { FormatError, MAX_DEPTH, MAX_LAYERS } from '../picture-file.ts';
import { HEADER_CHANNELS_AT, HEADER_MODE_AT, type PsdHeader } from './psd-header.ts';

const RGB = 3;
/** ag-psd refuses more; none of the channels in the header is read by it here. */
const CHANNELS_TOLD = 4;

/**
 * Reads a PSD's structure with ag-psd, pixels left as they are stored. It is told that the file is RGB, whatever it is:
 * colour modes matter for pixels only, and those are decoded here.
 * @throws FormatError
 */
export function parseStructure(bytes: Uint8Array, header: PsdHeader): Psd {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const channels = view.getUint16(HEADER_CHANNELS_AT);
  const mode = view.getUint16(HEADER_MODE_AT);
  view.setUint16(HEADER_CHANNELS_AT, Math.min(channels, CHANNELS_TOLD));
  view.setUint16(HEADER_MODE_AT, RGB);
  let psd: Psd;
  try {
    psd = readPsd(bytes, {
      useRawData: true,
      useRawThumbnail: true,
      skipThumbnail: true,
      skipLinkedFilesData: true,
      logMissingFeatures: false,
      log: () => {},
    });
  } catch (error) {
    throw new FormatError(
      `Its layers cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  } finally {
    view.setUint16(HEADER_CHANNELS_AT, channels);
    view.setUint16(HEADER_MODE_AT, mode);
  }
  checkTree(psd.children ?? [], header);
  return psd;
}

function checkTree(layers: readonly Layer[], { width, height }: PsdHeader): void {
  let count = 0;
  const walk = (siblings: readonly Layer[], depth: number): void => {
    if (depth > MAX_DEPTH) throw new FormatError(`Groups are nested more than ${MAX_DEPTH} deep.`);
    for (const layer of siblings) {
      count += 1;
      if (count > MAX_LAYERS)
        throw new FormatError(`It has more than ${MAX_LAYERS} layers (${width} × ${height} pixels).`);
      if (layer.children) walk(layer.children, depth + 1);
    }
  };
  walk(layers, 1);
}
