import { useEffect, useRef } from 'react';
import { type Brush, brushWith } from '../../engine/brush/brush.ts';
import { beginStroke } from '../../engine/brush/stroke.ts';
import { PaintDocument } from '../../engine/document.ts';
import { layerRecord } from '../../engine/layers/layer-record.ts';
import { readRegion } from '../../engine/tiles/region.ts';

const WIDTH = 240;
const HEIGHT = 64;
const LARGEST = 26;
const cache = new WeakMap<Brush, Uint8ClampedArray<ArrayBuffer>>();

/** A wave that swells and thins, drawn by the engine itself, so that the preview is what the brush does. */
function renderStroke(brush: Brush): Uint8ClampedArray<ArrayBuffer> {
  const known = cache.get(brush);
  if (known) return known;
  const document = new PaintDocument(WIDTH, HEIGHT, [layerRecord({ id: 'preview' })]);
  const shown = { ...brush, mode: 'paint' as const, size: Math.min(LARGEST, brush.size), stabiliser: 0 };
  // What only moves paint needs some to move.
  if (brush.mixing?.pickup === 1) layStripes(document);
  const stroke = beginStroke(document, 'preview', shown, [232, 232, 232]);
  const steps = 64;
  stroke.extend(
    Array.from({ length: steps + 1 }, (_, i) => {
      const t = i / steps;
      return {
        x: 16 + t * (WIDTH - 32),
        y: HEIGHT / 2 - Math.sin(t * Math.PI * 2) * HEIGHT * 0.22,
        pressure: Math.sin(t * Math.PI) * 0.9 + 0.05,
        tiltX: 0,
        tiltY: 0,
        twist: 0,
        time: i * 8,
      };
    }),
  );
  document.apply(stroke.commit());
  const pixels = readRegion(document.layers.get('preview').tiles, document.canvas);
  cache.set(brush, pixels);
  return pixels;
}

/** Upright stripes of grey. */
function layStripes(document: PaintDocument): void {
  const bar = brushWith({ size: 10, hardness: 1, stabiliser: 0, spacing: 0.1 });
  for (let x = 24; x < WIDTH; x += 28) {
    const stroke = beginStroke(document, 'preview', bar, [200, 200, 200]);
    const reading = { x, pressure: 1, tiltX: 0, tiltY: 0, twist: 0, time: 0 };
    stroke.extend([
      { ...reading, y: 8 },
      { ...reading, y: HEIGHT - 8 },
    ]);
    document.apply(stroke.commit());
  }
}

/** Calls once, as soon as the element is in sight and nothing else is waiting; the answer calls it off. */
function whenSeen(element: Element, act: () => void): () => void {
  let idle = 0;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    idle = requestIdleCallback(act, { timeout: 500 });
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    cancelIdleCallback(idle);
  };
}

/**
 * A brush as the stroke it makes. A stroke takes up to 100 ms to draw, and a list has dozens of them: each waits until it is in
 * sight. One that is shown already follows its brush at once.
 */
export function StrokePreview({ brush }: { brush: Brush }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef(false);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = (): void => {
      drawn.current = true;
      element.getContext('2d')?.putImageData(new ImageData(renderStroke(brush), WIDTH, HEIGHT), 0, 0);
    };
    if (!drawn.current && !cache.has(brush)) return whenSeen(element, draw);
    draw();
  }, [brush]);
  return <canvas ref={canvas} className="stroke-preview" width={WIDTH} height={HEIGHT} aria-hidden />;
}
