import { FolderOpen, Redo2, Search, SlidersHorizontal, Undo2 } from 'lucide-react';
import {
  Button,
  Dialog,
  DialogTrigger,
  Popover,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import { isMac, keyText } from '../../commands/command.ts';
import { redo, undo } from '../../commands/edit-commands.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { choosePreset, useLayout } from '../../state/layout-store.ts';
import type { Preset } from '../../state/window-metrics.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';
import { MainMenu } from './main-menu.tsx';
import { SavedState } from './saved-state.tsx';
import { ToolOptionsContent } from './tool-options.tsx';

/** Menu, document, presets, undo, commands, and whether everything is on disk. */
export function TopBar({ compact }: { compact: boolean }) {
  const { workspace, commands } = useRoom();
  const preset = useLayout((state) => state.preset);
  const name = useDocument((state) => state.name);
  const canUndo = useDocument((state) => state.canUndo);
  const canRedo = useDocument((state) => state.canRedo);
  const open = commands.find((command) => command.id === 'document.open');
  return (
    <header className="top-bar" data-region="top bar">
      <h1 className="visually-hidden">Impasto</h1>
      <MainMenu />
      <Button
        className="button quiet document-name"
        onPress={() => void open?.run()}
        aria-label={`${name}: open another`}
      >
        <FolderOpen size={16} strokeWidth={1.75} aria-hidden />
        <span className="ellipsis">{name}</span>
      </Button>
      <ToggleButtonGroup
        className="segmented"
        aria-label="Preset"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[preset]}
        onSelectionChange={(keys) => {
          const [key] = [...keys];
          if (key !== undefined) choosePreset(key as Preset);
        }}
      >
        <ToggleButton id="paint">Paint</ToggleButton>
        <ToggleButton id="generate">Generate</ToggleButton>
      </ToggleButtonGroup>
      <IconButton
        icon={Undo2}
        label="Undo"
        command="edit.undo"
        isDisabled={!canUndo}
        onPress={() => void undo(workspace)}
      />
      <IconButton
        icon={Redo2}
        label="Redo"
        command="edit.redo"
        isDisabled={!canRedo}
        onPress={() => void redo(workspace)}
      />
      {compact && (
        <DialogTrigger>
          <Button className="button quiet icon-button" aria-label="Tool options">
            <SlidersHorizontal size={20} strokeWidth={1.75} aria-hidden />
          </Button>
          <Popover className="popover" offset={4}>
            <Dialog aria-label="Tool options" className="tool-options-list">
              <ToolOptionsContent />
            </Dialog>
          </Popover>
        </DialogTrigger>
      )}
      <div className="grow" />
      {compact ? (
        <IconButton
          icon={Search}
          label="Find a command"
          command="view.commands"
          onPress={() => useLayout.setState({ commandPaletteOpen: true })}
        />
      ) : (
        <Button
          className="button command-field"
          onPress={() => useLayout.setState({ commandPaletteOpen: true })}
        >
          <Search size={16} strokeWidth={1.75} aria-hidden />
          <span className="grow">Find a command</span>
          <kbd className="caption">{keyText('$mod+k', isMac())}</kbd>
        </Button>
      )}
      <SavedState />
    </header>
  );
}
