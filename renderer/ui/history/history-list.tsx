import { useEffect, useMemo, useRef } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { useDocument } from '../../state/document/document-store.ts';
import { useOpenDocument } from '../workspace-context.tsx';
import { SavePointList } from './save-point-list.tsx';

/** Every step of the document by name; choosing one walks there. Steps after it stay until something new is done. */
export function HistoryList() {
  const open = useOpenDocument();
  const history = useDocument((state) => state.history);
  const head = useDocument((state) => state.head);
  const base = useDocument((state) => state.base);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The row of a new step is there a render later than the step.
    const frame = requestAnimationFrame(() =>
      list.current?.querySelector('[data-selected]')?.scrollIntoView({ block: 'nearest' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [head]);
  const rows = useMemo(
    () => [{ seq: base, label: base === 0 ? 'Opened' : 'Oldest step that is kept' }, ...history],
    [history, base],
  );
  return (
    <>
      <SavePointList />
      <ListBox
        ref={list}
        className="history-list scroll"
        aria-label="History"
        items={rows}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[head]}
        onSelectionChange={(keys) => {
          const [seq] = keys === 'all' ? [] : [...keys];
          if (seq !== undefined) void open?.session.moveTo(Number(seq));
        }}
      >
        {({ seq, label }) => (
          <ListBoxItem className="history-row" id={seq} textValue={label}>
            {label}
          </ListBoxItem>
        )}
      </ListBox>
    </>
  );
}
