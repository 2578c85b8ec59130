import { type RefObject, useEffect, useRef, useState } from 'react';
import { Ellipsis } from 'lucide-react';
import { useView } from '../../canvas/view-store.ts';
import { isBrushTool, type ToolId, usePaint } from '../../state/paint-store.ts';
import { Button } from 'react-aria-components';
import { frameText } from '../../generation/frame.ts';
import { setFrame, useGeneration } from '../../generation/generation-store.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { GradientOptions } from '../tool-options/gradient-options.tsx';
import { LiquifyOptions } from '../tool-options/liquify-options.tsx';
import { CropOptions, PendingOptions } from '../tool-options/pending-options.tsx';
import { TransformOptions } from '../tool-options/transform-options.tsx';
import { BrushOptions } from '../brushes/brush-options.tsx';
import { IconPopover } from '../controls/icon-popover.tsx';
import { NumberInput } from '../controls/number-input.tsx';
import { useRoom } from '../workspace-context.tsx';
import { DrawingRulerOptions } from '../tool-options/drawing-ruler-options.tsx';
import { PickOptions } from '../tool-options/pick-options.tsx';
import { ShapeOptions } from '../tool-options/shape-options.tsx';
import { SelectionOptions } from '../tool-options/selection-options.tsx';
import { WandOptions } from '../tool-options/wand-options.tsx';

const NAMES: Record<ToolId, string> = {
  brush: 'Brush',
  eraser: 'Eraser',
  smudge: 'Smudge',
  shape: 'Shape',
  text: 'Text',
  eyedropper: 'Eyedropper',
  fill: 'Fill',
  gradient: 'Gradient',
  rectangle: 'Select rectangle',
  ellipse: 'Select ellipse',
  lasso: 'Lasso',
  wand: 'Wand',
  frame: 'Frame',
  move: 'Move',
  transform: 'Transform',
  crop: 'Crop',
  liquify: 'Liquify',
  'drawing-ruler': 'Drawing ruler',
  pan: 'Pan',
};

const HINTS: Partial<Record<ToolId, string>> = {
  eyedropper: 'Takes the colour that is seen under the pointer. Hold Alt to borrow it while painting.',
  move: 'Drags what is selected of the active layer, or all of it, a group too; and guides. Ctrl leaves snapping off, arrows move by 1, with Shift by 10.',
  text: 'Press where text begins, or drag a box that it wraps in; press text to write it again, drag it to move it.',
  pan: 'Drags the view. Hold Space to borrow it; the wheel zooms at the pointer.',
};

const SELECTING: ReadonlySet<ToolId> = new Set(['rectangle', 'ellipse', 'lasso', 'wand']);

/** Place and size of the frame in numbers, for hands that do not drag. */
function FrameOptions() {
  const { workspace } = useRoom();
  const manual = useGeneration((state) => state.frame);
  const size = useGeneration((state) => state.form);
  const width = useDocument((state) => state.width);
  const height = useDocument((state) => state.height);
  const frame = manual ?? workspace.generator.frame();
  if (!frame) return null;
  const change = (part: Partial<typeof frame>): void => setFrame({ ...frame, ...part });
  return (
    <>
      <NumberInput
        label="X"
        value={frame.x}
        minimum={0}
        maximum={width - frame.width}
        onChange={(x) => change({ x: Math.round(x) })}
      />
      <NumberInput
        label="Y"
        value={frame.y}
        minimum={0}
        maximum={height - frame.height}
        onChange={(y) => change({ y: Math.round(y) })}
      />
      <NumberInput
        label="Frame width"
        value={frame.width}
        minimum={Math.min(64, width)}
        maximum={width - frame.x}
        onChange={(next) => change({ width: Math.round(next) })}
      />
      <NumberInput
        label="Frame height"
        value={frame.height}
        minimum={Math.min(64, height)}
        maximum={height - frame.y}
        onChange={(next) => change({ height: Math.round(next) })}
      />
      <Button className="button" isDisabled={manual === null} onPress={() => setFrame(null)}>
        Auto
      </Button>
      <span className="dim caption ellipsis">
        {manual
          ? frameText(frame, size)
          : `Auto: ${frameText(frame, size)}. Drag on the canvas to choose a part.`}
      </span>
    </>
  );
}

/** What the chosen tool can be told. */
export function ToolOptionsContent() {
  const tool = usePaint((state) => state.tool);
  const rotation = useView((state) => state.view.rotation);
  const hint = HINTS[tool];
  return (
    <>
      <strong className="tool-name">{NAMES[tool]}</strong>
      {tool === 'frame' && <FrameOptions />}
      {tool === 'gradient' && <GradientOptions />}
      {tool === 'transform' && <TransformOptions />}
      {tool === 'liquify' && <LiquifyOptions />}
      {tool === 'crop' && <CropOptions />}
      {tool === 'text' && <PendingOptions />}
      {(tool === 'wand' || tool === 'fill') && <WandOptions tool={tool} />}
      {SELECTING.has(tool) && <SelectionOptions tool={tool} />}
      {isBrushTool(tool) && <BrushOptions />}
      {tool === 'shape' && <ShapeOptions />}
      {tool === 'drawing-ruler' && <DrawingRulerOptions />}
      {tool === 'eyedropper' && <PickOptions />}
      {hint !== undefined && <span className="dim caption ellipsis">{hint}</span>}
      {rotation !== 0 && (
        <span className="dim caption">View turned {Math.round((rotation * 180) / Math.PI)}°</span>
      )}
    </>
  );
}

/** True while an element has more beside each other than it has room for. */
function useOverflow(element: RefObject<HTMLElement | null>): boolean {
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const row = element.current;
    if (!row) return;
    const measure = (): void => setOverflows(row.scrollWidth > row.clientWidth + 1);
    const sizes = new ResizeObserver(measure);
    const contents = new MutationObserver(measure);
    sizes.observe(row);
    contents.observe(row, { childList: true, subtree: true, characterData: true });
    return () => {
      sizes.disconnect();
      contents.disconnect();
    };
  }, [element]);
  return overflows;
}

/** The bar under the top bar; where the window is too narrow for a tool's settings, all of them are in a pop-over, too. */
export function ToolOptions() {
  const row = useRef<HTMLDivElement>(null);
  const overflows = useOverflow(row);
  return (
    <section className="tool-options" aria-label="Tool options" data-region="tool options">
      <div className="tool-options-row" ref={row}>
        <ToolOptionsContent />
      </div>
      {overflows && (
        <IconPopover
          label="All options of the tool"
          icon={<Ellipsis size={20} strokeWidth={1.75} aria-hidden />}
          placement="bottom end"
          offset={4}
          bodyClass="tool-options-list"
        >
          <ToolOptionsContent />
        </IconPopover>
      )}
    </section>
  );
}
