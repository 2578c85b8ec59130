import { setTimeout as sleep } from 'node:timers/promises';
import type { HeadlessPage } from './headless-browser.ts';
import type { PenReading } from './pen-recording.ts';

/**
 * Paints over the middle of the canvas at the recording's own pace, without waiting through long pauses of the hand.
 * @param seconds after which the pen is lifted, wherever it is: a page that cannot keep up would take any time.
 * @returns how many readings were sent.
 */
export async function replayPen(
  page: HeadlessPage,
  pen: readonly PenReading[],
  signal: AbortSignal,
  seconds = Infinity,
): Promise<number> {
  const box = (await page.evaluate(
    `(() => { const r = document.querySelector('[data-testid=canvas]').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()`,
  )) as [number, number, number, number];
  const edge = Math.min(box[2], box[3]) * 0.92;
  const at = ({ x, y }: PenReading): { x: number; y: number } => ({
    x: box[0] + box[2] / 2 + (x - 0.5) * edge,
    y: box[1] + box[3] / 2 + (y - 0.5) * edge,
  });
  const mouse = (type: string, reading: PenReading, buttons: number): Promise<unknown> =>
    page.send('Input.dispatchMouseEvent', {
      type,
      ...at(reading),
      button: type === 'mouseMoved' && buttons === 0 ? 'none' : 'left',
      buttons,
      clickCount: 1,
      pointerType: 'pen',
      force: reading.pressure,
    });
  let down = false;
  let skipped = 0;
  const start = performance.now();
  let last = pen[0]?.time ?? 0;
  let sent = 0;
  let end = pen.at(-1);
  for (const reading of pen) {
    signal.throwIfAborted();
    if (performance.now() - start > seconds * 1000) break;
    sent += 1;
    end = reading;
    // Long pauses of the hand need not be waited for.
    if (!down && reading.time - last > 100) skipped += reading.time - last - 100;
    last = reading.time;
    const wait = reading.time - (pen[0]?.time ?? 0) - skipped - (performance.now() - start);
    if (wait > 1) await sleep(wait);
    if (reading.pressure > 0 && !down) await mouse('mousePressed', reading, 1);
    else if (reading.pressure === 0 && down) await mouse('mouseReleased', reading, 0);
    else void mouse('mouseMoved', reading, down ? 1 : 0).catch(() => undefined);
    down = reading.pressure > 0;
  }
  if (down && end) await mouse('mouseReleased', end, 0);
  await sleep(500);
  return sent;
}
