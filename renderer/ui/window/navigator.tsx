import { useCallback, useEffect, useRef } from 'react';
import { changeView, useView } from '../../canvas/view-store.ts';
import { toDocument, toScreen } from '../../canvas/view-transform.ts';
import { useOpenDocument } from '../workspace-context.tsx';

/** The whole picture with the part that is seen; drag to go there. */
export function Navigator() {
  const open = useOpenDocument();
  const view = useView((state) => state.view);
  const screenWidth = useView((state) => state.screenWidth);
  const screenHeight = useView((state) => state.screenHeight);
  const canvas = useRef<HTMLCanvasElement>(null);

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
    context.imageSmoothingQuality = 'high';
    context.drawImage(open.picture.overview.canvas, left, top, width * scale, height * scale);
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

  useEffect(() => open?.picture.overview.subscribe(draw), [open, draw]);
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
