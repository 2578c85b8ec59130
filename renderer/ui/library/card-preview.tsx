import { Box, CircleAlert, Layers2, SlidersHorizontal, Type } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type LibraryCard, StudioError } from '../../../preload/contract/index.ts';
import { useRoom } from '../workspace-context.tsx';

const SIGNS = {
  checkpoint: Box,
  adapter: SlidersHorizontal,
  embedding: Type,
  controlnet: Layers2,
  vae: Layers2,
} as const;

/** The picture that lies beside a file, as other programs put it there; else a sign of what the file is. */
export function CardPreview({ card }: { card: LibraryCard }) {
  const { workspace } = useRoom();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(false);
  const Sign = card.kind === null ? CircleAlert : SIGNS[card.kind];
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = async (): Promise<void> => {
      const raster = await workspace.link.request('library.preview', { path: card.path });
      if (raster === null) return;
      element.width = raster.width;
      element.height = raster.height;
      const data = new ImageData(new Uint8ClampedArray(raster.rgba), raster.width, raster.height);
      element.getContext('2d')?.putImageData(data, 0, 0);
      setShown(true);
    };
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      draw().catch((error: unknown) => {
        // A card without its picture is still a card; the status line tells of a lost link.
        if (!(error instanceof StudioError)) throw error;
      });
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [workspace, card.path]);
  return (
    <div className="card-preview">
      {!shown && <Sign size={28} strokeWidth={1.25} aria-hidden />}
      <canvas ref={canvas} aria-hidden data-shown={shown} />
    </div>
  );
}
