import { useCallback, useEffect, useRef } from 'react';
import { changeView, useView } from '../../canvas/view-store.ts';
import { toDocument, toScreen } from '../../canvas/view-transform.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useOpenDocument } from '../workspace-context.tsx';

/** Longest edge of the small picture that is kept. */
const EDGE = 256;

/** The whole picture with the part that is seen; drag to go there. */
export function Navigator() {
  const open = useOpenDocument();
  const revision = useDocument((state) => state.revision);
  const view = useView((state) => state.view);
  const screenWidth = useView((state) => state.screenWidth);
  const screenHeight = useView((state) => state.screenHeight);
  const canvas = useRef<HTMLCanvasElement>(null);
  const small = useRef<OffscreenCanvas | null>(null);

  const draw = useCallback(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !open) return;
    const { width, height } = open.session.document;
    element.width = element.clientWidth * devicePixelRatio;
    element.height = element.clientHeight * devicePixelRatio;
    const scale = Math.min(element.width / width, element.height / height);
    const left = (element.width - width * scale) / 2;
    const top = (element.height - height * scale) / 2;
    if (small.current) context.drawImage(small.current, left, top, width * scale, height * scale);
    const corners = [
      { x: 0, y: 0 },
      { x: screenWidth, y: 0 },
      { x: screenWidth, y: screenHeight },
      { x: 0, y: screenHeight },
    ].map((corner) => toDocument(view, corner));
    context.beginPath();
    for (const { x, y } of corners) context.lineTo(left + x * scale, top + y * scale);
    context.closePath();
    context.lineWidth = 3;
    context.strokeStyle = '#000000';
    context.stroke();
    context.lineWidth = 1;
    context.strokeStyle = '#ffffff';
    context.stroke();
  }, [open, view, screenWidth, screenHeight]);

  useEffect(() => {
    const timer = setTimeout(() => {
      if (!open) return;
      small.current = shrink(open);
      draw();
    }, 300);
    return () => clearTimeout(timer);
    // The view redraws by itself below.
  }, [open, revision, draw]);
  useEffect(draw, [draw]);

  const go = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    if (!open || event.buttons === 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { width, height } = open.session.document;
    const box = event.currentTarget.getBoundingClientRect();
    const scale = Math.min(box.width / width, box.height / height);
    const target = {
      x: (event.clientX - box.left - (box.width - width * scale) / 2) / scale,
      y: (event.clientY - box.top - (box.height - height * scale) / 2) / scale,
    };
    changeView((now) => {
      const at = toScreen(now, target);
      return { ...now, x: now.x + screenWidth / 2 - at.x, y: now.y + screenHeight / 2 - at.y };
    });
  };
  return (
    <div className="navigator">
      <canvas ref={canvas} onPointerDown={go} onPointerMove={go} aria-hidden />
    </div>
  );
}

/** A small copy of the composited picture, taken by the nearest pixel of every row and column. */
function shrink({
  session,
  compositor,
}: NonNullable<ReturnType<typeof useOpenDocument>>): OffscreenCanvas | null {
  const { width, height } = session.document;
  const factor = Math.max(1, Math.ceil(Math.max(width, height) / EDGE));
  const w = Math.max(1, Math.floor(width / factor));
  const h = Math.max(1, Math.floor(height / factor));
  const row = new Uint8Array(width * 4);
  const image = new ImageData(w, h);
  for (let y = 0; y < h; y++) {
    compositor.render({ x: 0, y: y * factor, width, height: 1 }, row);
    for (let x = 0; x < w; x++) {
      image.data.set(row.subarray(x * factor * 4, x * factor * 4 + 4), (y * w + x) * 4);
    }
  }
  const out = new OffscreenCanvas(w, h);
  out.getContext('2d')?.putImageData(image, 0, 0);
  return out;
}
