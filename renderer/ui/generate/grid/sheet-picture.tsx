import { useEffect, useRef } from 'react';

/** A PNG file drawn as large as there is room for; what it shows is said by what stands around it. */
export function SheetPicture({ png }: { png: Uint8Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let wanted = true;
    void createImageBitmap(new Blob([new Uint8Array(png)], { type: 'image/png' })).then((bitmap) => {
      if (wanted && canvas.current) {
        canvas.current.width = bitmap.width;
        canvas.current.height = bitmap.height;
        canvas.current.getContext('2d')?.drawImage(bitmap, 0, 0);
      }
      bitmap.close();
    });
    return () => {
      wanted = false;
    };
  }, [png]);
  return <canvas className="sheet-picture" ref={canvas} data-testid="grid-sheet" aria-hidden />;
}
