import { RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, Dialog, Heading, Input, Modal, ModalOverlay, SearchField } from 'react-aria-components';
import { type Command, isMac, keyText } from '../../commands/command.ts';
import { CLICKS, HELD_KEYS, keyOf } from '../../commands/shortcuts.ts';
import { useLayout } from '../../state/layout-store.ts';
import {
  resetShortcut,
  SCHEMES,
  type Scheme,
  setShortcut,
  useShortcuts,
} from '../../state/shortcut-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { useRoom } from '../workspace-context.tsx';

const SCHEME_NAMES: Record<Scheme, string> = {
  impasto: 'Impasto',
  photoshop: 'Photoshop',
  krita: 'Krita',
  'clip-studio': 'Clip Studio',
};

interface RowProps {
  readonly command: Command;
  readonly commands: readonly Command[];
  readonly changed: boolean;
}

/** What a key does already, in words; null when it is free. */
function holderOf(key: string, command: Command, commands: readonly Command[]): string | null {
  const held = HELD_KEYS[key];
  if (held !== undefined) return held;
  return commands.find((each) => each.id !== command.id && each.keys.includes(key))?.title ?? null;
}

function ShortcutRow({ command, commands, changed }: RowProps) {
  const [waiting, setWaiting] = useState(false);
  const [wanted, setWanted] = useState<string | null>(null);
  const change = useRef<HTMLButtonElement>(null);
  // The buttons that ask go when they are answered; the focus they had stays in the row.
  const answered = (): void => {
    setWanted(null);
    change.current?.focus();
  };
  const holder = wanted === null ? null : holderOf(wanted, command, commands);
  const reserved = wanted !== null && HELD_KEYS[wanted] !== undefined;
  const take = (key: string): void => {
    setShortcut(command.id, [key]);
    answered();
  };
  const onKey = (event: React.KeyboardEvent): void => {
    if (!waiting) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      setWaiting(false);
      return;
    }
    const key = keyOf(event);
    if (key === null) return;
    setWaiting(false);
    if (holderOf(key, command, commands) === null) take(key);
    else setWanted(key);
  };
  return (
    <li className="shortcut-row">
      <span className="dim group">{command.group}</span>
      <span className="grow ellipsis">{command.title}</span>
      {wanted !== null && holder !== null ? (
        <span className="shortcut-clash" role="alert">
          {keyText(wanted, isMac())}: {holder}.
          {!reserved && (
            <Button className="button" onPress={() => take(wanted)}>
              Take it
            </Button>
          )}
          <Button className="button" onPress={answered}>
            Leave it
          </Button>
        </span>
      ) : (
        <span className="shortcut-keys">
          {command.keys.map((key) => (
            <kbd key={key}>{keyText(key, isMac())}</kbd>
          ))}
        </span>
      )}
      <button
        ref={change}
        type="button"
        className="button"
        aria-label={waiting ? `Press a key for ${command.title}` : `Change the key of ${command.title}`}
        aria-pressed={waiting}
        onClick={() => setWaiting(!waiting)}
        onKeyDown={onKey}
        onBlur={() => setWaiting(false)}
      >
        {waiting ? 'Press a key' : 'Change'}
      </button>
      <Button
        className="button quiet"
        aria-label={`None: take the keys of ${command.title} away`}
        isDisabled={command.keys.length === 0}
        onPress={() => setShortcut(command.id, [])}
      >
        None
      </Button>
      <IconButton
        icon={RotateCcw}
        size={16}
        label={`Reset the keys of ${command.title}`}
        isDisabled={!changed}
        onPress={() => resetShortcut(command.id)}
      />
    </li>
  );
}

function ShortcutList() {
  const { commands } = useRoom();
  const { scheme, own } = useShortcuts();
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().trim();
  const clicks = CLICKS.filter(({ keys, group, title }) =>
    `${group} ${title} ${keyText(keys, isMac())}+click`.toLowerCase().includes(words),
  );
  const shown = commands.filter(({ title, group, keys }) =>
    `${group} ${title} ${keys.map((key) => keyText(key, isMac())).join(' ')}`.toLowerCase().includes(words),
  );
  return (
    <>
      <div className="shortcut-head">
        <SelectField
          label="Scheme"
          value={scheme}
          options={SCHEMES.map((id) => ({ id, name: SCHEME_NAMES[id] }))}
          onChange={(id) => {
            const chosen = SCHEMES.find((each) => each === id);
            if (chosen) useShortcuts.setState({ scheme: chosen });
          }}
        />
        <SearchField aria-label="Find a command or a key" value={search} onChange={setSearch}>
          <Input className="input" placeholder="Find a command or a key" />
        </SearchField>
        <Button
          className="button"
          isDisabled={Object.keys(own).length === 0}
          onPress={() => useShortcuts.setState({ own: {} })}
        >
          Reset all
        </Button>
      </div>
      <ul className="shortcut-list scroll" aria-label="Shortcuts">
        {shown.map((command) => (
          <ShortcutRow
            command={command}
            commands={commands}
            changed={own[command.id] !== undefined}
            key={command.id}
          />
        ))}
        {clicks.map(({ keys, group, title }) => (
          <li className="shortcut-row" key={title}>
            <span className="dim group">{group}</span>
            <span className="grow ellipsis">{title}</span>
            <span className="shortcut-keys">
              <kbd>{keyText(keys, isMac())}</kbd> + click
            </span>
          </li>
        ))}
      </ul>
      {shown.length + clicks.length === 0 && <p className="empty">Nothing with “{search}”.</p>}
      <p className="caption dim">
        While they are held:{' '}
        {Object.entries(HELD_KEYS)
          .map(([key, what]) => `${keyText(key, isMac())} ${what.replace('held, ', '')}`)
          .join(', ')}
        ; Alt borrows the eyedropper.
      </p>
    </>
  );
}

/** Every command with its keys, which can be changed; a key that is taken says by what. */
export function ShortcutsDialog() {
  const isOpen = useLayout((state) => state.shortcutsOpen);
  const close = (): void => useLayout.setState({ shortcutsOpen: false });
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => useLayout.setState({ shortcutsOpen: open })}
    >
      <Modal className="dialog wide">
        <Dialog>
          <Heading slot="title" level={2}>
            Keyboard shortcuts
          </Heading>
          <div className="shortcuts">
            <ShortcutList />
            <div className="actions">
              <Button className="button primary" onPress={close}>
                Close
              </Button>
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
