import {
  Autocomplete,
  Dialog,
  Input,
  Keyboard,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  SearchField,
  Text,
  useFilter,
} from 'react-aria-components';
import { isMac, keyText } from '../../commands/command.ts';
import { useLayout } from '../../state/layout-store.ts';
import { useRoom } from '../workspace-context.tsx';

/** Every command by its name. */
export function CommandPalette() {
  const { commands } = useRoom();
  const isOpen = useLayout((state) => state.commandPaletteOpen);
  const { contains } = useFilter({ sensitivity: 'base' });
  const close = (): void => useLayout.setState({ commandPaletteOpen: false });
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => useLayout.setState({ commandPaletteOpen: open })}
    >
      <Modal className="dialog">
        <Dialog aria-label="Find a command" className="palette">
          <Autocomplete filter={contains}>
            <SearchField aria-label="Find a command">
              <Input className="input" placeholder="Find a command" ref={(field) => field?.focus()} />
            </SearchField>
            <Menu
              className="menu palette-list"
              aria-label="Commands"
              renderEmptyState={() => <p className="empty">No such command</p>}
            >
              {commands.map((command) => {
                const key = command.keys[0];
                return (
                  <MenuItem
                    className="menu-item"
                    id={command.id}
                    key={command.id}
                    textValue={`${command.group} ${command.title}`}
                    isDisabled={command.enabled?.() === false}
                    onAction={() => {
                      close();
                      void command.run();
                    }}
                  >
                    <span className="dim group">{command.group}</span>
                    <Text slot="label">{command.title}</Text>
                    {key !== undefined && <Keyboard>{keyText(key, isMac())}</Keyboard>}
                  </MenuItem>
                );
              })}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
