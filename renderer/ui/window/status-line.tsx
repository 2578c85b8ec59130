import { Button } from 'react-aria-components';
import { zoomTo, useView } from '../../canvas/view-store.ts';
import { useGeneration } from '../../generation/generation-store.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { clearNotice, useStatus } from '../../state/status-store.ts';
import { DeviceState } from './device-state.tsx';

function NoticeText() {
  const notice = useStatus((state) => state.notice);
  const connection = useStatus((state) => state.connection);
  const retrySeconds = useStatus((state) => state.retrySeconds);
  const retry = useStatus((state) => state.retry);
  const save = useDocument((state) => state.save);
  const full = useStatus((state) => state.linkFull);
  if (connection === 'lost') {
    const strokes = save.kind === 'saved' ? 0 : save.waiting;
    const kept =
      strokes === 0
        ? 'Everything painted so far is saved.'
        : strokes === 1
          ? '1 stroke is kept in this tab and goes when it is back.'
          : `${strokes} strokes are kept in this tab and go in order when it is back.`;
    return (
      <span className="notice" data-level="bad">
        <span className="ellipsis">
          ✕ {full === null ? 'The link to the workstation dropped.' : `${full} Close one of them.`} {kept}{' '}
          Keep the tab open; trying in {retrySeconds} s.
        </span>
        <Button className="button" onPress={() => retry?.()}>
          Try now
        </Button>
      </span>
    );
  }
  if (!notice) return <span className="notice" />;
  const offered = [notice.action, notice.otherAction].filter((action) => action !== undefined);
  // What went wrong stays until somebody has seen it.
  const actions =
    offered.length === 0 && notice.level !== 'info' ? [{ label: 'Got it', run: () => {} }] : offered;
  const sign = notice.level === 'bad' ? '✕ ' : notice.level === 'warn' ? '△ ' : '';
  return (
    <span className="notice" data-level={notice.level} title={`${notice.message} ${notice.remedy}`}>
      <span className="ellipsis">
        {sign}
        {notice.message} {notice.remedy}
      </span>
      {actions.map((action) => (
        <Button
          className="button"
          key={action.label}
          onPress={() => {
            clearNotice();
            action.run();
          }}
        >
          {action.label}
        </Button>
      ))}
    </span>
  );
}

/** One line under everything: what happened, the device, the queue, the zoom. */
export function StatusLine() {
  const zoom = useView((state) => state.view.zoom);
  const width = useDocument((state) => state.width);
  const height = useDocument((state) => state.height);
  const isOpen = useDocument((state) => state.open);
  const jobs = useGeneration((state) => state.jobs.length);
  const lost = useStatus((state) => state.connection === 'lost');
  const announcement = useStatus((state) => state.announcement);
  return (
    <footer className="status-line" data-testid="status" data-region="status">
      <NoticeText />
      {!lost && (
        <>
          <DeviceState />
          <span>queue {jobs}</span>
          {isOpen && (
            <span>
              {width} × {height}
            </span>
          )}
        </>
      )}
      <Button
        className="button quiet"
        aria-label={`Zoom ${Math.round(zoom * 100)}%, show actual pixels`}
        onPress={() => zoomTo(1)}
      >
        {zoom < 0.1 ? (zoom * 100).toFixed(1) : Math.round(zoom * 100)}%
      </Button>
      <div className="visually-hidden" aria-live="polite">
        {announcement}
      </div>
    </footer>
  );
}
