import type { ShortcutState } from '../state/shortcut-store.ts';
import type { Command } from './command.ts';
import { SCHEME_KEYS } from './schemes.ts';

/** Two or more commands that one key would start, of which the first is started. */
export interface Clash {
  readonly key: string;
  readonly commandIds: readonly string[];
}

/** Who gave a command its keys: what a person chose wins over the scheme, the scheme over our own. */
const OWN = 2;
const SCHEME = 1;
const DEFAULT = 0;

/** A key in one spelling, so that the same keys compare equal. */
export function normalKey(key: string): string {
  const parts = key.split('+');
  const last = parts.pop() ?? '';
  const order = ['$mod', 'Control', 'Alt', 'Shift'];
  const modifiers = order.filter((each) => parts.includes(each));
  return [...modifiers, last.length === 1 ? last.toLowerCase() : last].join('+');
}

/**
 * The commands with the keys that are in use: a key that a person or the scheme gave to one command is taken from
 * commands that had it by default.
 */
export function withShortcuts(
  commands: readonly Command[],
  { scheme, own }: ShortcutState,
): { readonly commands: readonly Command[]; readonly clashes: readonly Clash[] } {
  const wanted = commands.map((command) => {
    const chosen = own[command.id];
    const schemed = SCHEME_KEYS[scheme][command.id];
    const keys = chosen ?? schemed ?? command.keys;
    const rank = chosen ? OWN : schemed ? SCHEME : DEFAULT;
    return { command, keys: keys.map(normalKey), rank };
  });
  const ranks = new Map<string, number>();
  for (const { keys, rank } of wanted)
    for (const key of keys) ranks.set(key, Math.max(rank, ranks.get(key) ?? DEFAULT));
  const holders = new Map<string, string[]>();
  const given = wanted.map(({ command, keys, rank }) => {
    const kept = keys.filter((key) => ranks.get(key) === rank);
    for (const key of kept) holders.set(key, [...(holders.get(key) ?? []), command.id]);
    return { ...command, keys: kept };
  });
  const clashes = [...holders]
    .filter(([, commandIds]) => commandIds.length > 1)
    .map(([key, commandIds]) => ({ key, commandIds }));
  const shadowed = new Set(
    clashes.flatMap(({ key, commandIds }) => commandIds.slice(1).map((id) => `${id} ${key}`)),
  );
  return {
    commands: given.map((command) => ({
      ...command,
      keys: command.keys.filter((key) => !shadowed.has(`${command.id} ${key}`)),
    })),
    clashes,
  };
}

/** Keys that are held to change what the pointer does; no command may have them. */
export const HELD_KEYS: Readonly<Record<string, string>> = {
  s: 'held, sizes the brush',
  r: 'held, turns the view',
  z: 'held, zooms the view',
  Space: 'held, pans the view',
  Tab: 'hides the panels',
  F6: 'moves between regions',
  Escape: 'cancels',
};

/** What a click does while a key is held, for those who look for it in the list of keys. */
export const CLICKS: readonly { readonly keys: string; readonly group: string; readonly title: string }[] = [
  { keys: '$mod+Shift', group: 'Canvas', title: 'Choose the layer that is seen there' },
  { keys: 'Shift', group: 'Layers', title: 'Choose all layers up to a row' },
  { keys: '$mod', group: 'Layers', title: 'Choose one layer more, or one less' },
  { keys: 'Alt', group: 'Layers', title: 'On an eye: show the layer alone, or all again' },
  { keys: 'Alt', group: 'Layers', title: 'Between two rows: clip to the layer below, or release it' },
  {
    keys: '$mod',
    group: 'Layers',
    title: 'On a layer’s picture: select its pixels; Shift adds, Alt subtracts',
  },
];

/**
 * A key press in the notation of commands: letters by character, everything else by position or name.
 *
 * @returns null for a modifier alone
 */
export function keyOf(event: {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process'].includes(event.key)) return null;
  const letter = /^[a-z]$/i.test(event.key);
  const byPosition = event.key.length === 1 && !letter && event.code !== '';
  const name = letter ? event.key.toLowerCase() : byPosition ? event.code : event.key;
  return normalKey(
    [
      ...(event.ctrlKey || event.metaKey ? ['$mod'] : []),
      ...(event.altKey ? ['Alt'] : []),
      ...(event.shiftKey ? ['Shift'] : []),
      name,
    ].join('+'),
  );
}
