import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { pendingAct } from '../../state/pending-act.ts';

/** Yes and no for what waits: what Enter and Esc do. */
export function PendingOptions() {
  const act = useStore(pendingAct, (state) => state.act);
  return (
    <>
      <Button className="button primary" isDisabled={act === null} onPress={() => act?.apply()}>
        Apply
      </Button>
      <Button className="button" isDisabled={act === null} onPress={() => act?.cancel()}>
        Cancel
      </Button>
    </>
  );
}

/** What is to stay of the picture. */
export function CropOptions() {
  const name = useStore(pendingAct, (state) => state.act?.name);
  return (
    <>
      <PendingOptions />
      <span className="dim caption ellipsis">
        {name ?? 'Drag what is to stay. Shift makes a square; it may reach beyond the picture.'}
      </span>
    </>
  );
}
