import type { Layer } from 'ag-psd';
import { FormatError } from '../picture-file.ts';
import type { ChannelData } from './write-channels.ts';

type PsdChannel = NonNullable<Layer['rawData']>['channels'][number];

/** Bytes of a stand-in's data, and of the compression before any channel's. */
const STAND_IN = 4;
const COMPRESSION = 2;
/** A layer's record before its list of channels, and between that and what is said further of it. */
const BOUNDS = 16;
const BLENDING = 12;

/**
 * Channels that ag-psd never sees: it writes stand-ins of four bytes, and the channels take their places in the finished
 * structure. So no channel is copied, however large they are together.
 */
export class SplicedChannels {
  readonly #channels: ChannelData[] = [];

  /** Stand-ins for a layer's channels; empty ones stand for themselves. */
  standIns(channels: readonly ChannelData[]): PsdChannel[] {
    return channels.map((channel) => {
      const { id, compression, parts } = channel;
      if (parts.length === 0) return { id, compression, data: undefined };
      const data = new Uint8Array(STAND_IN);
      new DataView(data.buffer).setUint32(0, this.#channels.length);
      this.#channels.push(channel);
      return { id, compression, data };
    });
  }

  /**
   * Puts the channels into a layer info section ("Layer records" and "Channel image data" of Adobe's specification).
   * @param content the section as ag-psd wrote it, its length left out; lengths within are changed.
   * @returns the section in parts, without padding.
   */
  splice(content: Uint8Array, large: boolean): Uint8Array[] {
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    const lengths: number[] = [];
    let at = 2;
    for (let layer = Math.abs(view.getInt16(0)); layer > 0; layer--) {
      at += BOUNDS;
      const count = view.getUint16(at);
      at += 2;
      for (let k = 0; k < count; k++, at += large ? 10 : 6) lengths.push(at + 2);
      at += BLENDING;
      at += 4 + view.getUint32(at);
    }
    const parts: Uint8Array[] = [content.subarray(0, at)];
    for (const place of lengths) {
      const length = large ? Number(view.getBigUint64(place)) : view.getUint32(place);
      const channel =
        length === COMPRESSION + STAND_IN ? this.#channels[view.getUint32(at + COMPRESSION)] : undefined;
      if (!channel) parts.push(content.subarray(at, at + length));
      else {
        const bytes = channel.parts.reduce((sum, part) => sum + part.byteLength, COMPRESSION);
        if (large) view.setBigUint64(place, BigInt(bytes));
        else if (bytes < 2 ** 31) view.setUint32(place, bytes);
        else
          throw new FormatError(
            'A channel is larger than a PSD may be.',
            'Write a PSB, which may be larger.',
          );
        parts.push(content.subarray(at, at + COMPRESSION), ...channel.parts);
      }
      at += length;
    }
    return parts;
  }
}
