import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { restoreQueued } from '../../../commands/queue-actions.ts';
import { UNDO_TIME, useQueue } from '../../../generation/queue-store.ts';
import { useRoom } from '../../workspace-context.tsx';

/** What was taken out of the queue, and the way back; it stays while it is pointed at or focused. */
export function UndoBar() {
  const { workspace } = useRoom();
  const takenOut = useQueue((state) => state.takenOut);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!takenOut || held) return undefined;
    const timer = setTimeout(() => useQueue.setState({ takenOut: null }), UNDO_TIME);
    return () => clearTimeout(timer);
  }, [takenOut, held]);
  if (!takenOut) return null;
  return (
    <div
      className="undo-bar"
      data-testid="queue-undo"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className="grow">{takenOut.sentence}</span>
      <Button className="button" onPress={() => void restoreQueued(workspace, takenOut.jobIds)}>
        Undo
      </Button>
    </div>
  );
}
