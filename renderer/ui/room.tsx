import { useEffect, useMemo } from 'react';
import type { Command } from '../commands/command.ts';
import { withShortcuts } from '../commands/shortcuts.ts';
import type { Workspace } from '../commands/workspace.ts';
import type { HeldKeys } from '../input/held-keys.ts';
import { bindKeyboard } from '../input/keyboard.ts';
import { useShortcuts } from '../state/shortcut-store.ts';
import { App } from './app.tsx';
import { RoomProvider } from './workspace-context.tsx';

interface RoomProps {
  readonly workspace: Workspace;
  /** With our own keys. */
  readonly commands: readonly Command[];
  readonly keys: HeldKeys;
}

/** The window with its commands under the keys that are in use: another scheme or key counts at once. */
export function Room({ workspace, commands, keys }: RoomProps) {
  const shortcuts = useShortcuts();
  const room = useMemo(
    () => ({ workspace, keys, commands: withShortcuts(commands, shortcuts).commands }),
    [workspace, keys, commands, shortcuts],
  );
  useEffect(() => bindKeyboard(room.commands, keys), [room, keys]);
  return (
    <RoomProvider room={room}>
      <App />
    </RoomProvider>
  );
}
