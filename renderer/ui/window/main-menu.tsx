import type { ReactNode } from 'react';
import { Check, Menu as MenuIcon } from 'lucide-react';
import {
  Button,
  Header,
  Keyboard,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
  SubmenuTrigger,
  Text,
} from 'react-aria-components';
import { type Command, type CommandGroup, isMac, keyText } from '../../commands/command.ts';
import { PASTEBOARDS, useLayout } from '../../state/layout-store.ts';
import { useRoom } from '../workspace-context.tsx';

const GROUPS: readonly CommandGroup[] = ['File', 'Document', 'Edit', 'Select', 'Layer', 'View', 'Generate'];

function CommandItem({ command }: { command: Command }) {
  const key = command.keys[0];
  return (
    <MenuItem
      className="menu-item"
      id={command.id}
      textValue={command.shortTitle ?? command.title}
      isDisabled={command.enabled?.() === false}
      onAction={() => void command.run()}
    >
      <Text slot="label">
        {command.shortTitle ?? command.title}
        {command.checked?.() === true && <span className="visually-hidden">, on</span>}
      </Text>
      {command.checked?.() === true && <Check size={16} strokeWidth={1.75} aria-hidden />}
      {key !== undefined && <Keyboard>{keyText(key, isMac())}</Keyboard>}
    </MenuItem>
  );
}

/** A menu that opens beside its name. */
function MenuBeside({ name, children }: { name: string; children: ReactNode }) {
  return (
    <SubmenuTrigger>
      <MenuItem className="menu-item" id={name} textValue={name}>
        <Text slot="label">{name}</Text>
        <span className="dim" aria-hidden style={{ marginLeft: 'auto' }}>
          ›
        </span>
      </MenuItem>
      <Popover className="popover" offset={2}>
        <Menu className="menu" aria-label={name}>
          {children}
        </Menu>
      </Popover>
    </SubmenuTrigger>
  );
}

/** Commands in their order; those of a menu within stand where its first one would. */
function CommandItems({ commands }: { commands: readonly Command[] }) {
  const parts = Map.groupBy(commands, ({ id, submenu }) => submenu ?? id);
  return [...parts].map(([name, part]) => {
    const [first] = part;
    if (first?.submenu === undefined) return part.map((each) => <CommandItem command={each} key={each.id} />);
    return (
      <MenuBeside name={name} key={name}>
        {part.map((each) => (
          <CommandItem command={each} key={each.id} />
        ))}
      </MenuBeside>
    );
  });
}

/** Every command that is not a drag, by group. */
export function MainMenu() {
  const { commands } = useRoom();
  const pasteboard = useLayout((state) => state.pasteboard);
  return (
    <MenuTrigger>
      <Button className="button quiet icon-button" aria-label="Menu">
        <MenuIcon size={20} strokeWidth={1.75} aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom start" offset={4}>
        <Menu className="menu" aria-label="Menu">
          {GROUPS.map((group) => (
            <MenuBeside name={group} key={group}>
              <CommandItems commands={commands.filter((command) => command.group === group)} />
            </MenuBeside>
          ))}
          <Separator className="menu-separator" />
          <MenuSection
            selectionMode="single"
            selectedKeys={[pasteboard]}
            disallowEmptySelection
            onSelectionChange={(keys) => {
              const [hex] = keys === 'all' ? [] : [...keys];
              if (hex !== undefined) useLayout.setState({ pasteboard: String(hex) });
            }}
          >
            <Header className="menu-header">Pasteboard</Header>
            {PASTEBOARDS.map(({ hex, name }) => (
              <MenuItem className="menu-item" id={hex} key={hex} textValue={name}>
                <Text slot="label">{name}</Text>
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
