/** What a page counted of its own frames. */
export interface FrameFigures {
  /** Milliseconds of script a frame. */
  readonly frames: readonly number[];
  /** Milliseconds from when the document was asked for: until something of it is seen, until it can be painted on, sharp. */
  readonly seen: number;
  readonly ready: number;
  readonly sharp: number;
}

/** Script for a page before any of its own: adds up what every frame's callbacks take. */
export const FRAME_PROBE = `(() => {
  const frames = [];
  let stamp = 0;
  let spent = 0;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => ask((now) => {
    const begun = performance.now();
    if (now !== stamp) { if (stamp > 0) frames.push(spent); stamp = now; spent = 0; }
    try { callback(now); } finally { spent += performance.now() - begun; }
  });
  const at = (name) => performance.getEntriesByName(name).at(-1)?.startTime ?? NaN;
  window.benchFrames = () => {
    const asked = at('impasto:open');
    const ready = at('impasto:drawn');
    const overview = at('impasto:overview');
    const seen = Number.isNaN(overview) ? ready : Math.min(overview, ready);
    const taken = { frames: frames.slice(), seen: seen - asked, ready: ready - asked, sharp: at('impasto:settled') - asked };
    frames.length = 0;
    return taken;
  };
})()`;
