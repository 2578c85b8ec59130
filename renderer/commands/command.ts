/** Where a command stands in menus and in the list of all commands. */
export type CommandGroup = 'File' | 'Document' | 'Edit' | 'Select' | 'Layer' | 'View' | 'Tools' | 'Generate';

/** One thing that a person can do, by menu, by key, or by its name in the command field. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** In the notation of tinykeys; letters by character, punctuation by key position. */
  readonly keys: readonly string[];
  /** Menu within its group that it stands in, if it does not stand in the group's own. */
  readonly submenu?: string;
  /** Its name in that menu, whose own name says the rest. */
  readonly shortTitle?: string;
  /** False while there is nothing to do. */
  enabled?(): boolean;
  /** For what is on or off: whether it is on. */
  checked?(): boolean;
  run(): void | Promise<unknown>;
}

/** A browser answers it with an event that brings what other programs copied, so it is left to the browser. */
export const PASTE_KEY = '$mod+v';

const NAMES: Record<string, string> = {
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Semicolon: ';',
  Quote: "'",
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Equal: '+',
  Minus: '−',
  NumpadAdd: 'Num +',
  NumpadSubtract: 'Num −',
  Delete: 'Del',
  Insert: 'Ins',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  ContextMenu: 'Menu',
};

/** A key as people read it: `$mod+Shift+z` becomes `Ctrl+Shift+Z`, or `⌘⇧Z` on a Mac. */
export function keyText(key: string, mac: boolean): string {
  const parts = key.split('+').map((part) => {
    if (part === '$mod') return mac ? '⌘' : 'Ctrl';
    if (part === 'Shift') return mac ? '⇧' : 'Shift';
    if (part === 'Alt') return mac ? '⌥' : 'Alt';
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(part);
    return NAMES[part] ?? digit?.[1] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
  return parts.join(mac ? '' : '+');
}

/** True on Apple's systems, where the command key leads. */
export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
