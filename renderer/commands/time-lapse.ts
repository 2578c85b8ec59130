import { StudioError } from '../../preload/contract/index.ts';
import { useDocument } from '../state/document/document-store.ts';
import { announce, tell } from '../state/status-store.ts';
import { download } from './download.ts';
import type { Workspace } from './workspace.ts';

/** Formats of a time-lapse. */
export const TIME_LAPSE_FORMATS = ['mp4', 'webm', 'webp', 'gif'] as const;

/** The name of one of them. */
export type TimeLapseFormat = (typeof TIME_LAPSE_FORMATS)[number];

/** How a time-lapse is wanted. */
export interface TimeLapseWish {
  readonly format: TimeLapseFormat;
  /** Longest running time. */
  readonly seconds: number;
  /** Longest edge in pixels. */
  readonly edge: number;
}

const FRAMES_PER_SECOND = { mp4: 30, webm: 30, webp: 12, gif: 12 } as const;
/** How long the finished picture stands, in seconds. */
const LAST_FRAME = 2;
const MIME = { mp4: 'video/mp4', webm: 'video/webm', webp: 'image/webp', gif: 'image/gif' } as const;

/**
 * Plays the document's history into a file: videos are encoded here through WebCodecs, animated pictures by the studio.
 *
 * @param onProgress told 0 … 1
 */
export async function exportTimeLapse(
  workspace: Workspace,
  wish: TimeLapseWish,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<void> {
  const session = workspace.open?.session;
  if (!session) return;
  const { format, seconds, edge } = wish;
  try {
    await session.settled();
    const framesPerSecond = FRAMES_PER_SECOND[format];
    const bytes =
      format === 'webp' || format === 'gif'
        ? (
            await workspace.link.request('documents.export-animation', {
              documentId: session.id,
              format,
              edge,
              seconds,
              framesPerSecond,
            })
          ).bytes
        : await encodeVideo(workspace, session.id, wish, framesPerSecond, signal, onProgress);
    if (!bytes || signal.aborted) return;
    const fileName = `${useDocument.getState().name}.${format}`;
    download(fileName, bytes, MIME[format]);
    announce(`Exported ${fileName}`);
    tell({ level: 'info', message: `Exported ${fileName}`, remedy: '' });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}

async function encodeVideo(
  { link }: Workspace,
  documentId: string,
  { format, seconds, edge }: TimeLapseWish,
  framesPerSecond: number,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Uint8Array | null> {
  const {
    BufferTarget,
    CanvasSource,
    getFirstEncodableVideoCodec,
    Mp4OutputFormat,
    Output,
    WebMOutputFormat,
  } = await import('mediabunny');
  const { width, height, count } = await link.request('documents.begin-time-lapse', {
    documentId,
    edge,
    frames: Math.max(2, Math.round(seconds * framesPerSecond)),
  });
  const outputFormat = format === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat();
  const codec = await getFirstEncodableVideoCodec(outputFormat.getSupportedVideoCodecs(), { width, height });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (codec === null || !context) {
    throw new StudioError(
      'document/no-video-encoder',
      `This browser cannot encode ${format.toUpperCase()} video at ${width} × ${height}. Nothing was written.`,
      'Choose WebP or GIF, or the other video format.',
    );
  }
  const target = new BufferTarget();
  const output = new Output({ format: outputFormat, target });
  const source = new CanvasSource(canvas, { codec, bitrate: Math.max(1_000_000, width * height * 6) });
  output.addVideoTrack(source, { frameRate: framesPerSecond });
  await output.start();
  for (let i = 0; i < count; i++) {
    const { rgba } = await link.request('documents.next-frame', { documentId });
    if (rgba === null) break;
    if (signal.aborted) {
      await output.cancel();
      return null;
    }
    context.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
    const last = i === count - 1;
    await source.add(i / framesPerSecond, last ? LAST_FRAME : 1 / framesPerSecond);
    onProgress((i + 1) / count);
  }
  await output.finalize();
  return target.buffer ? new Uint8Array(target.buffer) : null;
}
