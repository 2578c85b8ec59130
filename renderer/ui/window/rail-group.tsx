import { useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover, Tooltip, TooltipTrigger } from 'react-aria-components';
import { isMac, keyText } from '../../commands/command.ts';
import { chooseTool, usePaint } from '../../state/paint-store.ts';
import { useShortcutOf } from '../workspace-context.tsx';
import type { RailTool } from './tool-list.ts';

interface RailGroupProps {
  readonly name: string;
  readonly tools: readonly RailTool[];
  /** The one that a press takes. */
  readonly shown: RailTool;
}

/** A place that tools of a kind share: a press takes the one that is shown; a long press, or a press once it is in hand, opens the others. */
export function RailGroupButton({ name, tools, shown }: RailGroupProps) {
  const [isOpen, setOpen] = useState(false);
  const isSelected = usePaint((state) => state.tool === shown.id);
  const key = useShortcutOf(`tool.${shown.id}`);
  const { icon: Icon } = shown;
  return (
    <MenuTrigger trigger="longPress" isOpen={isOpen} onOpenChange={setOpen}>
      <TooltipTrigger delay={500} closeDelay={0}>
        <Button
          className="button quiet icon-button tool tool-group"
          aria-label={shown.name}
          aria-pressed={isSelected}
          data-selected={isSelected || undefined}
          onPress={() => (isSelected ? setOpen(true) : chooseTool(shown.id))}
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden fill="none" />
        </Button>
        <Tooltip className="tooltip" offset={4} placement="right">
          {shown.name}
          {key !== undefined && <kbd>{keyText(key, isMac())}</kbd>}. Hold for {tools.length - 1} more.
        </Tooltip>
      </TooltipTrigger>
      <Popover className="popover" placement="right top" offset={4}>
        <Menu
          className="menu"
          aria-label={name}
          onAction={(id) => {
            const chosen = tools.find((tool) => tool.id === id);
            if (chosen) chooseTool(chosen.id);
          }}
        >
          {tools.map(({ id, name: title, icon: ItemIcon }) => (
            <MenuItem className="menu-item" id={id} key={id} textValue={title}>
              <ItemIcon size={20} strokeWidth={1.75} aria-hidden fill="none" />
              {title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
