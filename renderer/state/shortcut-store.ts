import { create } from 'zustand';

/** Sets of shortcuts under the names of the programs that hands may have learnt. */
export const SCHEMES = ['impasto', 'photoshop', 'krita', 'clip-studio'] as const;

/** The name of one. */
export type Scheme = (typeof SCHEMES)[number];

/** Which keys do what; survives a restart. */
export interface ShortcutState {
  readonly scheme: Scheme;
  /** Keys that a person gave to commands, by the command's id; an empty list takes all keys away. */
  readonly own: Readonly<Record<string, readonly string[]>>;
}

/** The shortcuts in use. */
export const useShortcuts = create<ShortcutState>()(() => ({ scheme: 'impasto', own: {} }));

/** Gives a command these keys instead of its scheme's. */
export function setShortcut(commandId: string, keys: readonly string[]): void {
  useShortcuts.setState(({ own }) => ({ own: { ...own, [commandId]: keys } }));
}

/** Gives a command its scheme's keys again. */
export function resetShortcut(commandId: string): void {
  useShortcuts.setState(({ own }) => ({
    own: Object.fromEntries(Object.entries(own).filter(([id]) => id !== commandId)),
  }));
}
