import {
  Brush,
  CircleDashed,
  Eraser,
  Frame,
  Hand,
  Lasso,
  type LucideIcon,
  Move,
  PaintBucket,
  Pipette,
  SquareDashed,
  WandSparkles,
} from 'lucide-react';
import { chooseTool, type ToolId, usePaint } from '../../state/paint-store.ts';
import { Toolbar } from 'react-aria-components';
import { IconButton } from '../controls/icon-button.tsx';

const TOOLS: readonly { id: ToolId; name: string; key: string; icon: LucideIcon }[] = [
  { id: 'brush', name: 'Brush', key: 'b', icon: Brush },
  { id: 'eraser', name: 'Eraser', key: 'e', icon: Eraser },
  { id: 'fill', name: 'Fill', key: 'g', icon: PaintBucket },
  { id: 'eyedropper', name: 'Eyedropper', key: 'i', icon: Pipette },
  { id: 'rectangle', name: 'Select rectangle', key: 'm', icon: SquareDashed },
  { id: 'ellipse', name: 'Select ellipse', key: 'Shift+m', icon: CircleDashed },
  { id: 'lasso', name: 'Lasso', key: 'l', icon: Lasso },
  { id: 'wand', name: 'Wand', key: 'w', icon: WandSparkles },
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
