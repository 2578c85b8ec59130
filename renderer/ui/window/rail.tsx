import { Brush, Eraser, Frame, Hand, type LucideIcon, Move, Pipette } from 'lucide-react';
import { chooseTool, type ToolId, usePaint } from '../../state/paint-store.ts';
import { Toolbar } from 'react-aria-components';
import { IconButton } from '../controls/icon-button.tsx';

const TOOLS: readonly { id: ToolId; name: string; key: string; icon: LucideIcon }[] = [
  { id: 'brush', name: 'Brush', key: 'b', icon: Brush },
  { id: 'eraser', name: 'Eraser', key: 'e', icon: Eraser },
  { id: 'eyedropper', name: 'Eyedropper', key: 'i', icon: Pipette },
  { id: 'frame', name: 'Frame', key: 'f', icon: Frame },
  { id: 'move', name: 'Move', key: 'v', icon: Move },
  { id: 'pan', name: 'Pan', key: 'h', icon: Hand },
];

/** The tools, one tab stop, arrows inside. */
export function Rail() {
  const tool = usePaint((state) => state.tool);
  return (
    <section className="rail" aria-label="Tool rail" data-region="tools">
      <Toolbar className="rail-tools" orientation="vertical" aria-label="Tools">
        {TOOLS.map(({ id, name, key, icon }) => (
          <IconButton
            key={id}
            icon={icon}
            label={name}
            shortcut={key}
            className="tool"
            isSelected={tool === id}
            onPress={() => chooseTool(id)}
          />
        ))}
      </Toolbar>
    </section>
  );
}
