import { setImmediate as nextTurn } from 'node:timers/promises';
import sharp from 'sharp';
import { StudioError } from '../../preload/contract/index.ts';
import type { TimeLapse } from './time-lapse.ts';

/** Formats of pictures that move. */
export type AnimationFormat = 'webp' | 'gif';

/** Bytes of pixels that one animation may take while it is encoded. */
const MAX_BYTES = 1024 ** 3;
/** How long the finished picture stands, in milliseconds. */
const LAST_FRAME = 2000;

/**
 * Encodes a time-lapse as an animated WebP or GIF that loops for ever.
 *
 * @param framesPerSecond 1 … 50
 * @param onFrame told after each frame, with how many are done; throw there to stop
 * @throws StudioError `document/time-lapse-too-large`
 */
export async function encodeAnimation(
  lapse: TimeLapse,
  format: AnimationFormat,
  framesPerSecond: number,
  onFrame: (done: number, count: number) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, count } = lapse;
  const frameBytes = width * height * 3;
  if (frameBytes * count > MAX_BYTES) {
    throw new StudioError(
      'document/time-lapse-too-large',
      `${count} frames of ${width} × ${height} need ${((frameBytes * count) / 2 ** 30).toFixed(1)} GB while they are encoded; 1 GB is the limit. Nothing was written.`,
      'Make it shorter or smaller.',
    );
  }
  const stacked = new Uint8Array(frameBytes * count);
  let done = 0;
  for (const { rgba } of lapse.frames) {
    let to = done * frameBytes;
    for (let i = 0; i < rgba.length; i += 4) {
      stacked[to++] = rgba[i] ?? 0;
      stacked[to++] = rgba[i + 1] ?? 0;
      stacked[to++] = rgba[i + 2] ?? 0;
    }
    onFrame(++done, count);
    // Whoever waits, an interrupt included, gets a turn.
    await nextTurn();
  }
  const delay = Array.from({ length: done }, (_, i) =>
    i === done - 1 ? LAST_FRAME : Math.round(1000 / framesPerSecond),
  );
  const image = sharp(stacked.subarray(0, frameBytes * done), {
    raw: { width, height: height * done, channels: 3, pageHeight: height },
    limitInputPixels: false,
  });
  const encoded =
    format === 'gif' ? image.gif({ delay, loop: 0 }) : image.webp({ delay, loop: 0, quality: 85, effort: 3 });
  return new Uint8Array(await encoded.toBuffer());
}
