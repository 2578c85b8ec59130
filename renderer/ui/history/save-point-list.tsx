import { Bookmark, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Input, TextField } from 'react-aria-components';
import type { SavePoint } from '../../../preload/contract/index.ts';
import { removeSavePoint, renameSavePoint, restoreSavePoint } from '../../commands/save-points.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useLayout } from '../../state/layout-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';

const TIME = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** The field appears because somebody asked to write into it. */
function chooseAll(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}

function NameField({ point, onDone }: { point: SavePoint; onDone: () => void }) {
  const { workspace } = useRoom();
  const [name, setName] = useState(point.name);
  const finish = (keep: boolean): void => {
    onDone();
    const trimmed = name.trim();
    if (keep && trimmed !== '' && trimmed !== point.name) void renameSavePoint(workspace, point.id, trimmed);
  };
  return (
    <TextField
      className="grow"
      aria-label="Name of the save point"
      value={name}
      onChange={setName}
      maxLength={200}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(true);
        else if (event.key === 'Escape') finish(false);
        else event.continuePropagation();
      }}
      onBlur={() => finish(true)}
    >
      <Input className="input" ref={chooseAll} />
    </TextField>
  );
}

function SavePointRow({ point }: { point: SavePoint }) {
  const { workspace } = useRoom();
  const readOnly = useDocument((state) => state.readOnly !== null);
  const naming = useLayout((state) => state.namingSavePoint === point.id);
  const setNaming = (on: boolean): void => useLayout.setState({ namingSavePoint: on ? point.id : null });
  return (
    <li className="save-point-row">
      <Bookmark size={16} strokeWidth={1.75} aria-hidden />
      {naming ? (
        <NameField point={point} onDone={() => setNaming(false)} />
      ) : (
        <span className="grow ellipsis" title={`${point.name}, ${TIME.format(point.time)}`}>
          {point.name} <span className="dim caption">{TIME.format(point.time)}</span>
        </span>
      )}
      <IconButton
        icon={RotateCcw}
        label={`Restore ${point.name}`}
        isDisabled={readOnly}
        onPress={() => void restoreSavePoint(workspace, point.id)}
      />
      <IconButton
        icon={Pencil}
        label={`Rename ${point.name}`}
        isDisabled={readOnly}
        onPress={() => setNaming(true)}
      />
      <IconButton
        icon={Trash2}
        label={`Remove ${point.name}`}
        isDisabled={readOnly}
        onPress={() => void removeSavePoint(workspace, point.id)}
      />
    </li>
  );
}

/** States that were given a name; absent while there are none. */
export function SavePointList() {
  const points = useDocument((state) => state.savePoints);
  const documentId = useDocument((state) => state.id);
  useEffect(() => useLayout.setState({ namingSavePoint: null }), [documentId]);
  if (points.length === 0) return null;
  return (
    <ul className="save-point-list scroll" aria-label="Save points">
      {points.toReversed().map((point) => (
        <SavePointRow point={point} key={point.id} />
      ))}
    </ul>
  );
}
