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
  PaintBucket,
  Pipette,
  Ruler,
  Scaling,
  Shapes,
  SquareDashed,
  Type,
  WandSparkles,
  Waves,
} from 'lucide-react';
import type { Density } from '../../state/layout-store.ts';
import type { ToolId } from '../../state/paint-store.ts';

/** A tool as the rail shows it. */
export interface RailTool {
  readonly id: ToolId;
  readonly name: string;
  readonly icon: LucideIcon;
}

/** Tools that share a place where the rail is too low for all, with a name for the lot. */
interface RailGroup {
  readonly name: string;
  readonly tools: readonly RailTool[];
}

/** Every tool in the rail's order. */
export const TOOL_GROUPS: readonly RailGroup[] = [
  { name: 'Brush', tools: [{ id: 'brush', name: 'Brush', icon: Brush }] },
  { name: 'Eraser', tools: [{ id: 'eraser', name: 'Eraser', icon: Eraser }] },
  {
    name: 'Fill and colour',
    tools: [
      { id: 'fill', name: 'Fill', icon: PaintBucket },
      { id: 'gradient', name: 'Gradient', icon: Blend },
      { id: 'eyedropper', name: 'Eyedropper', icon: Pipette },
    ],
  },
  {
    name: 'Push paint',
    tools: [
      { id: 'smudge', name: 'Smudge', icon: Droplets },
      { id: 'liquify', name: 'Liquify', icon: Waves },
    ],
  },
  {
    name: 'Select',
    tools: [
      { id: 'rectangle', name: 'Select rectangle', icon: SquareDashed },
      { id: 'ellipse', name: 'Select ellipse', icon: CircleDashed },
      { id: 'lasso', name: 'Lasso', icon: Lasso },
      { id: 'wand', name: 'Wand', icon: WandSparkles },
    ],
  },
  {
    name: 'Frame and crop',
    tools: [
      { id: 'frame', name: 'Frame', icon: Frame },
      { id: 'crop', name: 'Crop', icon: Crop },
    ],
  },
  {
    name: 'Move and transform',
    tools: [
      { id: 'move', name: 'Move', icon: Move },
      { id: 'transform', name: 'Transform', icon: Scaling },
    ],
  },
  {
    name: 'Shapes, text and rulers',
    tools: [
      { id: 'shape', name: 'Shape', icon: Shapes },
      { id: 'text', name: 'Text', icon: Type },
      { id: 'drawing-ruler', name: 'Drawing ruler', icon: Ruler },
    ],
  },
  { name: 'Pan', tools: [{ id: 'pan', name: 'Pan', icon: Hand }] },
];

/** Least height of a tool's place by what it is pressed with, CSS px. */
const LEAST: Readonly<Record<Density, number>> = { mouse: 28, pen: 36, touch: 44 };
const GAP = 4;
const PADDING = 16;

/** @param height of the rail, CSS px. @returns whether all tools have room beside each other at their least height. */
export function hasRoomForAll(height: number, density: Density): boolean {
  const count = TOOL_GROUPS.reduce((sum, { tools }) => sum + tools.length, 0);
  return count * (LEAST[density] + GAP) - GAP + PADDING <= height;
}
