import { ChevronDown } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Text,
} from 'react-aria-components';
import type { NamedSelection } from '../../engine/selection/pack-selection.ts';
import { changeTool, useTools } from '../../state/tool-store.ts';
import { NumberInput } from '../controls/number-input.tsx';
import { useSelection } from '../selection/use-selection.ts';
import { useOpenDocument, useRoom } from '../workspace-context.tsx';

const SHAPES = ['grow', 'shrink', 'feather', 'smooth', 'border'] as const;
const REST = [
  'colour-range',
  'invert',
  'none',
  'again',
  'layer',
  'to-mask',
  'paint',
  'fill',
  'save',
] as const;
const NOTHING: readonly NamedSelection[] = [];

/** Everything that can be done with what is selected, and the selections that were saved. */
export function SelectionMenu() {
  const { commands } = useRoom();
  const open = useOpenDocument();
  // What can be done depends on whether something is selected.
  useSelection();
  const amount = useTools((state) => state.select.amount);
  const saved = useSyncExternalStore(
    (listener) => open?.session.savedSelections.subscribe(listener) ?? (() => undefined),
    () => open?.session.savedSelections.list ?? NOTHING,
  );
  const item = (name: string) => {
    const command = commands.find(({ id }) => id === `selection.${name}`);
    if (!command) return null;
    return (
      <MenuItem
        className="menu-item"
        id={command.id}
        key={command.id}
        textValue={command.title}
        isDisabled={command.enabled?.() === false}
        onAction={() => void command.run()}
      >
        <Text slot="label">
          {SHAPES.some((each) => each === name) ? `${command.title} by ${amount} px` : command.title}
        </Text>
      </MenuItem>
    );
  };
  return (
    <>
      <NumberInput
        label="By"
        value={amount}
        minimum={1}
        maximum={250}
        onChange={(next) => changeTool('select', { amount: Math.round(next) })}
      />
      <MenuTrigger>
        <Button className="button">
          Selection
          <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
        </Button>
        <Popover className="popover" placement="bottom start" offset={4}>
          <Menu className="menu" aria-label="Selection">
            <MenuSection aria-label="Shape">{SHAPES.map(item)}</MenuSection>
            <MenuSection aria-label="Use">{REST.map(item)}</MenuSection>
            {saved.length > 0 && (
              <MenuSection>
                <Header className="menu-header">Saved with the document</Header>
                {saved.map(({ name, mask }) => (
                  <MenuItem
                    className="menu-item"
                    id={`saved:${name}`}
                    key={`saved:${name}`}
                    textValue={name}
                    onAction={() => open?.session.selection.set(mask, `Load ${name}`)}
                  >
                    <Text slot="label">Load {name}</Text>
                  </MenuItem>
                ))}
                {saved.map(({ name }) => (
                  <MenuItem
                    className="menu-item"
                    id={`forget:${name}`}
                    key={`forget:${name}`}
                    textValue={`Forget ${name}`}
                    onAction={() => open?.session.savedSelections.remove(name)}
                  >
                    <Text slot="label" className="dim">
                      Forget {name}
                    </Text>
                  </MenuItem>
                ))}
              </MenuSection>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
}
