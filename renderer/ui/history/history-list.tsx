import { useEffect, useRef } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { useDocument } from '../../state/document/document-store.ts';
import { useOpenDocument } from '../workspace-context.tsx';

/** Every step of the document by name; choosing one walks there. Steps after it stay until something new is done. */
export function HistoryList() {
  const open = useOpenDocument();
  const history = useDocument((state) => state.history);
  const head = useDocument((state) => state.head);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[data-selected]')?.scrollIntoView({ block: 'nearest' });
  }, [head]);
  const rows = [{ seq: 0, label: 'Opened' }, ...history];
  return (
    <ListBox
      ref={list}
      className="history-list scroll"
      aria-label="History"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[head]}
      onSelectionChange={(keys) => {
        const [seq] = keys === 'all' ? [] : [...keys];
        if (seq !== undefined) void open?.session.moveTo(Number(seq));
      }}
    >
      {rows.map(({ seq, label }) => (
        <ListBoxItem className="history-row" id={seq} key={seq} textValue={label} data-undone={seq > head}>
          {label}
        </ListBoxItem>
      ))}
    </ListBox>
  );
}
