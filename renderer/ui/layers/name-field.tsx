import { useEffect, useRef, useState } from 'react';
import { changeLayer } from '../../commands/layer-edits.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';

/** Where a layer's name is typed; Enter keeps it, Escape does not. */
export function NameField({
  layer,
  session,
  onDone,
}: {
  layer: LayerRecord;
  session: DocumentSession;
  onDone: () => void;
}) {
  const [name, setName] = useState(layer.name);
  // Where the keys came from: they go back there.
  const [opener] = useState(() => document.activeElement);
  const field = useRef<HTMLInputElement>(null);
  // The field appears because the person asked to type here. Once: a later selection would swallow what was typed.
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const finish = (keep: boolean, byKey = false): void => {
    onDone();
    if (byKey && opener instanceof HTMLElement) opener.focus();
    const trimmed = name.trim().slice(0, 256);
    if (keep && trimmed !== '' && trimmed !== layer.name) {
      changeLayer(session, layer.id, `Rename to ${trimmed}`.slice(0, 200), { name: trimmed });
    }
  };
  return (
    <input
      className="input name-input"
      aria-label="Layer name"
      value={name}
      ref={field}
      onChange={(event) => setName(event.target.value)}
      // The list would give the focus to the row that had it last.
      onFocus={(event) => event.stopPropagation()}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') finish(true, true);
        if (event.key === 'Escape') finish(false, true);
      }}
    />
  );
}
