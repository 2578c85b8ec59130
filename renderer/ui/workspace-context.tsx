import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { Command } from '../commands/command.ts';
import type { OpenDocument, Workspace } from '../commands/workspace.ts';
import type { HeldKeys } from '../input/held-keys.ts';

/** What every panel may reach. */
interface Room {
  readonly workspace: Workspace;
  readonly commands: readonly Command[];
  readonly keys: HeldKeys;
}

const RoomContext = createContext<Room | null>(null);

/** Gives the panels below it the workspace and its commands. */
export function RoomProvider({ room, children }: { room: Room; children: ReactNode }) {
  return <RoomContext value={room}>{children}</RoomContext>;
}

/** The workspace, its commands and the held keys. */
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('A panel stands outside the room.');
  return room;
}

/** The key that starts a command now, or undefined. */
export function useShortcutOf(commandId: string | undefined): string | undefined {
  const { commands } = useRoom();
  return commandId === undefined ? undefined : commands.find(({ id }) => id === commandId)?.keys[0];
}

/** The open document with its compositor; null before the first. */
export function useOpenDocument(): OpenDocument | null {
  const { workspace } = useRoom();
  return useSyncExternalStore(
    (listener) => workspace.subscribe(listener),
    () => workspace.open,
  );
}
