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
      textValue={command.title}
      isDisabled={command.enabled?.() === false}
      onAction={() => void command.run()}
    >
      <Text slot="label">
        {command.title}
        {command.checked?.() === true && <span className="visually-hidden">, on</span>}
      </Text>
      {command.checked?.() === true && <Check size={16} strokeWidth={1.75} aria-hidden />}
      {key !== undefined && <Keyboard>{keyText(key, isMac())}</Keyboard>}
    </MenuItem>
  );
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
            <SubmenuTrigger key={group}>
              <MenuItem className="menu-item" id={group} textValue={group}>
                <Text slot="label">{group}</Text>
                <span className="dim" aria-hidden style={{ marginLeft: 'auto' }}>
                  ›
                </span>
              </MenuItem>
              <Popover className="popover" offset={2}>
                <Menu className="menu" aria-label={group}>
                  {commands
                    .filter((command) => command.group === group)
                    .map((command) => (
                      <CommandItem command={command} key={command.id} />
                    ))}
                </Menu>
              </Popover>
            </SubmenuTrigger>
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
