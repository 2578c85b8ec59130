import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLayout } from '../state/layout-store.ts';
import { useStatus } from '../state/status-store.ts';
import { windowMetrics } from '../state/window-metrics.ts';
import { regionSizes } from './window/region-sizes.ts';

/** An opening that takes no longer says nothing. */
const QUIET_MS = 300;
/** After that a studio that has not answered is said to be silent, and a way on is offered. */
const PATIENCE_MS = 8000;

interface Words {
  readonly message: string;
  readonly remedy?: string;
  /** Counts down, and is therefore not spoken. */
  readonly next?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** The window before the studio has answered: its regions, empty, and after a moment what it waits for. */
export function OpeningWindow() {
  const { preset, windowWidth, windowHeight, pasteboard } = useLayout();
  const metrics = windowMetrics(preset, windowWidth, windowHeight);
  const words = useWords();
  return (
    <div className="window" style={regionSizes(metrics)}>
      <div className="top-bar" />
      {metrics.options > 0 && <div className="tool-options" />}
      <div className="rail" />
      {metrics.left > 0 && <div className="dock left" />}
      <main
        className="canvas-area opening-window"
        style={{ '--pasteboard': pasteboard } as React.CSSProperties}
      >
        <div className="opening-words" hidden={words === null}>
          {/* There from the beginning, so that what comes into it is spoken. */}
          <div aria-live="polite" data-testid="opening">
            <h1>{words?.message}</h1>
            {words?.remedy !== undefined && <p>{words.remedy}</p>}
          </div>
          {words?.next !== undefined && <p className="dim">{words.next}</p>}
          {words?.action && (
            <Button className="button" onPress={words.action.run}>
              {words.action.label}
            </Button>
          )}
        </div>
      </main>
      <div className="prompt-bar" />
      <div className="dock right" />
      {metrics.rightSecond > 0 && <div className="dock second" />}
      <div className="status-line" />
    </div>
  );
}

/** What the opening waits for; null while it has only begun. */
function useWords(): Words | null {
  const { connection, linkTried, linkFull, retrySeconds, retry } = useStatus();
  const waited = useWaited();
  if (connection === 'lost' && linkTried) {
    return {
      message: linkFull ?? 'The studio does not answer.',
      remedy:
        linkFull === null
          ? 'Everything up to your last stroke is on disk. See whether it still runs.'
          : 'Close one of them.',
      next: `Trying again in ${retrySeconds} s`,
      action: { label: 'Try now', run: () => retry?.() },
    };
  }
  if (waited < QUIET_MS) return null;
  if (waited < PATIENCE_MS) return { message: 'Opening the studio…' };
  return {
    message: `The studio has not answered for ${Math.floor(waited / 1000)} s.`,
    remedy:
      'Everything up to your last stroke is on disk. It may be busy: this page goes on when it answers.',
    action: { label: 'Load the page again', run: () => location.reload() },
  };
}

/** Milliseconds since the window came up, in steps that matter to its words; they are spoken every five seconds. */
function useWaited(): number {
  const [waited, setWaited] = useState(0);
  useEffect(() => {
    const began = performance.now();
    const timers = [QUIET_MS, PATIENCE_MS].map((after) => setTimeout(() => setWaited(after), after));
    const counting = setInterval(() => {
      const now = performance.now() - began;
      if (now > PATIENCE_MS) setWaited(now);
    }, 5000);
    return () => {
      timers.forEach(clearTimeout);
      clearInterval(counting);
    };
  }, []);
  return waited;
}
