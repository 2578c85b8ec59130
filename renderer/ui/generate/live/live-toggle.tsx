import { Radio } from 'lucide-react';
import { toggleLive } from '../../../commands/live-commands.ts';
import { useLive } from '../../../generation/live/live-store.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { useRoom } from '../../workspace-context.tsx';

/** Turns painting live on and off. */
export function LiveToggle() {
  const { workspace } = useRoom();
  const on = useLive((state) => state.phase !== 'off');
  return (
    <IconButton
      icon={Radio}
      label={on ? 'Live is on; press to turn it off' : 'Live: paint over the canvas while you paint'}
      command="live.toggle"
      isSelected={on}
      onPress={() => toggleLive(workspace)}
    />
  );
}
