/** What the page counted while it was painted in. */
export interface PageFigures {
  readonly drawnBy: string;
  /** True where the canvas goes to the screen when it is drawn on, not with the page's next frame. */
  readonly ownPace: boolean;
  readonly events: number;
  /** Those whose changes were not on the screen yet when the page was asked. */
  readonly unseen: number;
  /** Milliseconds of work an event caused: handling it, and compositing and drawing what it changed. */
  readonly work: readonly number[];
  /**
   * Milliseconds from the event's own time until all that it changed is composited and drawn: to the end of the drawing
   * where the canvas goes to the screen at its own pace, to the end of the frame it is in elsewhere; waits included.
   */
  readonly latency: readonly number[];
  readonly frames: number;
  readonly dropped: number;
  /** Bytes of the page's JavaScript heap at its largest. */
  readonly heap: number;
}

/**
 * Script for the page: counts from the moment the pen comes down. A listener before the studio's and one after it bracket
 * the handling, and the drawing where that is done at once; a frame callback before the studio's and one after it bracket
 * what is drawn in the frame. An event is waited for until all that changed up to then is on the canvas.
 */
export const PAGE_PROBE = `(() => {
  const canvas = document.querySelector('[data-testid=canvas]');
  const ownPace = canvas.getContext('2d').getContextAttributes().desynchronized === true;
  const seen = { ownPace, work: [], latency: [], events: 0, frames: 0, dropped: 0, heap: 0 };
  let pending = [];
  let handled = 0;
  let begun = 0;
  let drawn = 0;
  let frameBegan = 0;
  let lastFrame = 0;
  let armed = false;
  let down = false;
  const drawImage = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...given) {
    drawImage.apply(this, given);
    if (this.canvas === canvas) drawn = performance.now();
  };
  const take = () => {
    const { behind, drawnUntil } = canvas.dataset;
    const until = behind === 'false' ? Infinity : Number(drawnUntil);
    const end = performance.now();
    const before = pending.length;
    while (pending.length > 0 && pending[0].begun <= until) {
      const { stamp, begun } = pending.shift();
      // What changed nothing is waited for by nobody.
      if (drawn < begun) continue;
      seen.work.push(handled);
      seen.latency.push(end - stamp);
    }
    if (pending.length < before) handled = 0;
    seen.heap = Math.max(seen.heap, performance.memory?.usedJSHeapSize ?? 0);
    return pending.length === 0;
  };
  const frame = (now) => {
    requestAnimationFrame(frame);
    frameBegan = performance.now();
    if (!down) { lastFrame = 0; return; }
    if (lastFrame > 0) seen.dropped += Math.max(0, Math.round((now - lastFrame) / (1000 / 60)) - 1);
    lastFrame = now;
    seen.frames++;
  };
  requestAnimationFrame(frame);
  const arm = () => {
    if (armed) return;
    armed = true;
    requestAnimationFrame(() => {
      armed = false;
      if (pending.length === 0) return;
      handled += performance.now() - frameBegan;
      if (!take()) arm();
    });
  };
  addEventListener('pointermove', (event) => {
    down = event.buttons === 1;
    begun = performance.now();
  }, true);
  addEventListener('pointerup', () => { down = false; }, true);
  addEventListener('pointermove', (event) => {
    if (!down) return;
    handled += performance.now() - begun;
    seen.events++;
    pending.push({ stamp: event.timeStamp, begun });
    if (!ownPace || !take()) arm();
  });
  window.benchWaits = () => { take(); return pending.length; };
  window.benchFigures = () => ({ ...seen, unseen: pending.length, drawnBy: canvas.dataset.drawnBy });
})()`;
