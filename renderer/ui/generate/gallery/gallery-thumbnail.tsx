import { useEffect, useRef } from 'react';
import { rasterImage } from '../../../generation/raster-image.ts';
import { useRoom } from '../../workspace-context.tsx';

const EDGE = 160;

/** A result, small, as the studio shrank it; read when it comes into view. */
export function GalleryThumbnail({ resultId }: { resultId: string }) {
  const { workspace } = useRoom();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    const show = async (): Promise<void> => {
      const raster = await workspace.link.request('gallery.thumbnail', { resultId, edge: EDGE });
      const context = canvas.current?.getContext('2d');
      if (gone || !context) return;
      const scale = Math.max(EDGE / raster.width, EDGE / raster.height);
      const width = raster.width * scale;
      const height = raster.height * scale;
      context.imageSmoothingQuality = 'high';
      context.drawImage(rasterImage(raster), (EDGE - width) / 2, (EDGE - height) / 2, width, height);
    };
    // A picture that cannot be read back leaves its place grey; choosing it says why.
    show().catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [workspace, resultId]);
  return <canvas ref={canvas} width={EDGE} height={EDGE} aria-hidden />;
}
