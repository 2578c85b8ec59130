import {
  Blend,
  Brush,
  CircleDashed,
  Crop,
  Droplets,
  Eraser,
  Frame,
  Hand,
  Lasso,
  type LucideIcon,
  Move,
  Ruler,
  PaintBucket,
  Pipette,
  Scaling,
  Shapes,
  SquareDashed,
  Type,
  WandSparkles,
  Waves,
} from 'lucide-react';
import { chooseTool, type ToolId, usePaint } from '../../state/paint-store.ts';
import { Toolbar } from 'react-aria-components';
import { IconButton } from '../controls/icon-button.tsx';

const TOOLS: readonly { id: ToolId; name: string; icon: LucideIcon }[] = [
  { id: 'brush', name: 'Brush', icon: Brush },
  { id: 'eraser', name: 'Eraser', icon: Eraser },
  { id: 'smudge', name: 'Smudge', icon: Droplets },
  { id: 'fill', name: 'Fill', icon: PaintBucket },
  { id: 'gradient', name: 'Gradient', icon: Blend },
  { id: 'eyedropper', name: 'Eyedropper', icon: Pipette },
  { id: 'rectangle', name: 'Select rectangle', icon: SquareDashed },
  { id: 'ellipse', name: 'Select ellipse', icon: CircleDashed },
  { id: 'lasso', name: 'Lasso', icon: Lasso },
  { id: 'wand', name: 'Wand', icon: WandSparkles },
  { id: 'frame', name: 'Frame', icon: Frame },
  { id: 'move', name: 'Move', icon: Move },
  { id: 'transform', name: 'Transform', icon: Scaling },
  { id: 'crop', name: 'Crop', icon: Crop },
  { id: 'liquify', name: 'Liquify', icon: Waves },
  { id: 'shape', name: 'Shape', icon: Shapes },
  { id: 'text', name: 'Text', icon: Type },
  { id: 'drawing-ruler', name: 'Drawing ruler', icon: Ruler },
  { id: 'pan', name: 'Pan', icon: Hand },
];

/** The tools, one tab stop, arrows inside. */
export function Rail() {
  const tool = usePaint((state) => state.tool);
  return (
    <section className="rail" aria-label="Tool rail" data-region="tools">
      <Toolbar className="rail-tools" orientation="vertical" aria-label="Tools">
        {TOOLS.map(({ id, name, icon }) => (
          <IconButton
            key={id}
            icon={icon}
            label={name}
            command={`tool.${id}`}
            className="tool"
            isSelected={tool === id}
            onPress={() => chooseTool(id)}
          />
        ))}
      </Toolbar>
    </section>
  );
}
