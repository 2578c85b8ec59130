import { extname } from 'node:path';
import { StudioError } from '../../preload/contract/index.ts';
import { openDocument } from '../documents/document.ts';
import { encodeAnimation, type AnimationFormat } from '../documents/encode-animation.ts';
import { playHistory } from '../documents/time-lapse.ts';
import { writeOutput } from './output-file.ts';

/** How long and how large. */
interface TimeLapseFlags {
  readonly seconds: number;
  readonly fps: number;
  readonly edge: number;
}

/** What was written. */
interface WrittenTimeLapse {
  readonly out: string;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/**
 * Plays a document's history into an animated picture.
 *
 * @throws StudioError `cli/out-not-animated`, `cli/out-unwritable`, `cli/stopped`, and what opening and playing throw
 */
export async function writeTimeLapse(
  documentPath: string,
  out: string,
  { seconds, fps, edge }: TimeLapseFlags,
  signal: AbortSignal,
): Promise<WrittenTimeLapse> {
  const format = formatOf(out);
  const document = openDocument(documentPath);
  try {
    const lapse = playHistory(document, edge, Math.max(2, Math.round(seconds * fps)));
    const bytes = await encodeAnimation(lapse, format, fps, () => {
      if (signal.aborted)
        throw new StudioError('cli/stopped', 'Stopped. Nothing was written.', 'Run it again to make it.');
    });
    await writeOutput(out, bytes);
    return {
      out,
      frames: lapse.count,
      width: lapse.width,
      height: lapse.height,
      bytes: bytes.byteLength,
    };
  } finally {
    document.close();
  }
}

function formatOf(out: string): AnimationFormat {
  const extension = extname(out).toLowerCase();
  if (extension === '.webp') return 'webp';
  if (extension === '.gif') return 'gif';
  throw new StudioError(
    'cli/out-not-animated',
    `${out} ends in neither .webp nor .gif. Nothing was started.`,
    'Choose one of the two; MP4 and WebM are made in the studio’s window.',
  );
}
