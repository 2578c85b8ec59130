import { useCallback, useEffect, useRef } from 'react';
import { rasterImage } from '../../generation/raster-image.ts';
import { useRoom } from '../workspace-context.tsx';

type Raster = Parameters<typeof rasterImage>[0];

const EDGE = 160;

/** A picture, small, cut to a square. @param read where its pixels come from; asked again only when it is another function. */
function RasterThumbnail({ read }: { readonly read: () => Promise<Raster> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    const show = async (): Promise<void> => {
      const raster = await read();
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
  }, [read]);
  return <canvas ref={canvas} width={EDGE} height={EDGE} aria-hidden />;
}

/** A result, small; its pixels are those that the page holds, fetched once. */
export function ResultThumbnail({ resultId }: { readonly resultId: string }) {
  const { workspace } = useRoom();
  const read = useCallback(() => workspace.generator.pictures.raster(resultId), [workspace, resultId]);
  return <RasterThumbnail read={read} />;
}

/** A result as the studio shrinks it; read when it comes into view. */
export function GalleryThumbnail({ resultId }: { readonly resultId: string }) {
  const { workspace } = useRoom();
  const read = useCallback(
    () => workspace.link.request('gallery.thumbnail', { resultId, edge: EDGE }),
    [workspace, resultId],
  );
  return <RasterThumbnail read={read} />;
}
