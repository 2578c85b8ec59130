import type { ToolId } from '../state/paint-store.ts';
import { beginBrush } from './brush/brush-tool.ts';
import { beginCrop } from './crop/crop-tool.ts';
import { beginEyedropper } from './eyedropper/eyedropper-tool.ts';
import { beginFill } from './fill/fill-tool.ts';
import { beginGradient } from './gradient/gradient-tool.ts';
import { movingSelection } from './selection/move-selection.ts';
import { beginLasso, beginShape, beginWand } from './selection/select-tools.ts';
import { beginFrame } from './frame/frame-tool.ts';
import { beginLiquify } from './liquify/liquify-tool.ts';
import { beginMove } from './move/move-tool.ts';
import { beginPan } from './pan/pan-tool.ts';
import { beginTransform } from './transform/transform-tool.ts';
import { beginDrawingRuler } from './drawing-ruler/drawing-ruler-tool.ts';
import { snapped } from './snapping.ts';
import { beginShapeDrawing } from './shape/shape-tool.ts';
import { beginText } from './text/text-tool.ts';
import type { BeginDrag } from './tool.ts';

/** What a drag of each tool does. */
export const BEGIN_DRAG: Readonly<Record<ToolId, BeginDrag>> = {
  brush: beginBrush('brush'),
  eraser: beginBrush('eraser'),
  smudge: beginBrush('smudge'),
  fill: beginFill,
  gradient: snapped(beginGradient),
  eyedropper: beginEyedropper,
  rectangle: movingSelection(snapped(beginShape('rectangle'))),
  ellipse: movingSelection(snapped(beginShape('ellipse'))),
  lasso: movingSelection(beginLasso),
  wand: movingSelection(beginWand),
  frame: beginFrame,
  move: beginMove,
  transform: beginTransform,
  crop: beginCrop,
  liquify: beginLiquify,
  shape: snapped(beginShapeDrawing),
  text: beginText,
  'drawing-ruler': beginDrawingRuler,
  pan: beginPan,
};
