/** What the page counted while it was painted in. */
export interface PageFigures {
  readonly drawnBy: string;
  readonly events: number;
  /** Milliseconds of work an event caused: handling it, and compositing and drawing the frame it is in. */
  readonly work: readonly number[];
  /** Milliseconds from the event's own time to the end of the frame that shows it; waits for the frame included. */
  readonly latency: readonly number[];
  readonly frames: number;
  readonly dropped: number;
  /** Bytes of the page's JavaScript heap at its largest. */
  readonly heap: number;
}

/**
 * Script for the page: counts from the moment the pen comes down. A listener before the studio's and one after it
 * bracket the handling; a frame callback before the studio's and one after it bracket the drawing.
 */
export const PAGE_PROBE = `(() => {
  const seen = { work: [], latency: [], events: 0, frames: 0, dropped: 0, heap: 0 };
  let pending = [];
  let handled = 0;
  let begun = 0;
  let armed = false;
  let lastFrame = 0;
  let down = false;
  addEventListener('pointermove', (event) => {
    down = event.buttons === 1;
    if (!down) { lastFrame = 0; return; }
    begun = performance.now();
    if (!armed) {
      armed = true;
      let start = 0;
      requestAnimationFrame((now) => {
        start = performance.now();
        if (lastFrame > 0) seen.dropped += Math.max(0, Math.round((now - lastFrame) / (1000 / 60)) - 1);
        lastFrame = now;
        seen.frames++;
      });
      queueMicrotask(() => 0);
      window.benchEnd = () => requestAnimationFrame(() => {
        const end = performance.now();
        const each = handled + end - start;
        for (const stamp of pending) { seen.work.push(each); seen.latency.push(end - stamp); }
        seen.heap = Math.max(seen.heap, performance.memory?.usedJSHeapSize ?? 0);
        pending = []; handled = 0; armed = false;
      });
    }
  }, true);
  addEventListener('pointermove', (event) => {
    if (!down) return;
    handled += performance.now() - begun;
    seen.events++;
    pending.push(event.timeStamp);
    if (window.benchEnd) { window.benchEnd(); window.benchEnd = null; }
  });
  window.benchFigures = () => ({ ...seen, drawnBy: document.querySelector('[data-testid=canvas]').dataset.drawnBy });
})()`;
