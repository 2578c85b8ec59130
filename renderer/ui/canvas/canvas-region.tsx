import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { AidsOverlay } from '../../canvas/aids-overlay.ts';
import { BrushCursor } from '../../canvas/brush-cursor.ts';
import { usePointerPlace } from '../../canvas/rulers.ts';
import { Presenter } from '../../canvas/presenter.ts';
import { fitDocument, placeCanvas, useView } from '../../canvas/view-store.ts';
import { redo, undo } from '../../commands/edit-commands.ts';
import { chosenResult, useGeneration } from '../../generation/generation-store.ts';
import { CanvasPointer } from '../../input/canvas-pointer.ts';
import { CanvasKeys } from '../../input/canvas-keys.ts';
import { activeLayer, useDocument } from '../../state/document/document-store.ts';
import { openHud } from '../../state/hud-store.ts';
import { useLayout } from '../../state/layout-store.ts';
import { activeBrushKey, isBrushTool, usePaint } from '../../state/paint-store.ts';
import { EffectEditor } from '../layers/effects/effect-editor.tsx';
import { leavePaintedSelection } from '../../tools/paint-selection/painted-selection.ts';
import { PaintedChip } from '../selection/painted-chip.tsx';
import { SelectionBar } from '../selection/selection-bar.tsx';
import { MaskChip } from '../layers/mask-chip.tsx';
import { FilterPanel } from '../filters/filter-panel.tsx';
import { TextPanel } from '../text/text-panel.tsx';
import { LiveBar } from '../generate/live/live-bar.tsx';
import { FirstRun } from '../window/first-run.tsx';
import { Strip } from '../generate/strip.tsx';
import { RulerStrips } from '../aids/ruler-strips.tsx';
import { useOpenDocument, useRoom } from '../workspace-context.tsx';
import { ProofChip } from './proof-chip.tsx';
import { canvasActions } from './canvas-actions.ts';

/** The canvas's name as a screen reader says it. */
function useCanvasName(): string {
  const { open, name, width, height } = useDocument();
  const layer = useDocument(activeLayer);
  const zoom = useView((state) => Math.round(state.view.zoom * 100));
  const tool = usePaint((state) => state.tool);
  const size = usePaint((state) => state[activeBrushKey(state)].size);
  const hand = isBrushTool(tool) ? `${tool} ${Math.round(size)} px` : tool;
  if (!open) return 'Canvas, no document yet';
  return `${name}, ${width} by ${height}, ${zoom}%, layer ${layer?.name ?? 'none'}, ${hand}`;
}

/** Tells the view where the canvas lies, before anything is drawn in its new place. */
function usePlacement(element: React.RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const area = element.current;
    if (!area) return undefined;
    const place = (): void => {
      const { left, top, width, height } = area.getBoundingClientRect();
      placeCanvas({ left, top, width, height, scale: devicePixelRatio });
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(area);
    window.addEventListener('resize', place);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
    };
  }, [element]);
  // A dock that comes or goes moves the canvas without resizing it in the left-handed window.
  const arrangement = useLayout((state) => `${state.preset} ${state.panelsHidden} ${state.leftHanded}`);
  useLayoutEffect(() => {
    const area = element.current;
    if (!area) return;
    const { left, top, width, height } = area.getBoundingClientRect();
    placeCanvas({ left, top, width, height, scale: devicePixelRatio });
  }, [element, arrangement]);
  // Another window: docks have their new places by now, and a picture that was fitted is fitted again.
  const windowSize = useLayout((state) => `${state.windowWidth} ${state.windowHeight}`);
  useLayoutEffect(() => {
    const area = element.current;
    if (!area || !useView.getState().fitted) return;
    const { left, top, width, height } = area.getBoundingClientRect();
    placeCanvas({ left, top, width, height, scale: devicePixelRatio });
    const picture = useDocument.getState();
    fitDocument(picture.width, picture.height);
  }, [element, windowSize]);
}

/** A surface that handles its own keys, so that a screen reader passes them on. */
const SURFACE = { role: 'application', tabIndex: 0 } as const;

/** The picture, the cursor over it, and the strip of pictures that wait. */
export function CanvasRegion() {
  const { workspace, keys } = useRoom();
  const open = useOpenDocument();
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pasteboard = useLayout((state) => state.pasteboard);
  const previewShown = useGeneration((state) => state.previewShown);
  const chosen = useGeneration(chosenResult);
  const [byKey, setByKey] = useState(false);
  // A canvas keeps the colour space that it was made with.
  const colourSpace = useDocument((state) => state.format.colourSpace);
  const name = useCanvasName();
  usePlacement(area);

  useEffect(() => {
    const element = canvas.current;
    const surroundings = area.current;
    if (!element || !surroundings || !open) return undefined;
    const presenter = new Presenter(
      element,
      open.session.document,
      open.picture,
      workspace.overlay,
      open.session.selection,
      () => workspace.penDown,
    );
    const aids = new AidsOverlay(surroundings);
    const cursor = new BrushCursor(surroundings, keys);
    const pointer = new CanvasPointer(element, keys, {
      ...canvasActions(workspace, open),
      setPenDown(down) {
        surroundings.dataset['penDown'] = String(down);
        workspace.setPenDown(down);
      },
      undo: () => void undo(workspace),
      redo: () => void redo(workspace),
      hover(point, pressure, type) {
        cursor.show(point, pressure, type);
        usePointerPlace.setState({ at: point });
      },
      leave() {
        cursor.hide();
        usePointerPlace.setState({ at: null });
      },
      menu: openHud,
    });
    const crosshair = new CanvasKeys(element, cursor, canvasActions(workspace, open), () => pointer.cancel());
    return () => {
      // A selection that is painted belongs to the document that is left.
      leavePaintedSelection();
      crosshair.dispose();
      pointer.dispose();
      cursor.dispose();
      aids.dispose();
      presenter.dispose();
    };
  }, [open, workspace, keys, colourSpace]);

  return (
    <main
      className="canvas-area"
      ref={area}
      style={{ '--pasteboard': pasteboard } as React.CSSProperties}
      data-region="canvas"
    >
      <canvas
        key={colourSpace}
        ref={canvas}
        data-testid="canvas"
        {...SURFACE}
        aria-label={name}
        data-focus-by-key={byKey}
        onFocus={(event) => setByKey(event.target.matches(':focus-visible'))}
        onBlur={() => setByKey(false)}
        onPointerDown={() => {
          canvas.current?.focus({ preventScroll: true });
          setByKey(false);
        }}
      />
      <RulerStrips />
      {(previewShown || chosen) && (
        <div className="canvas-chip" style={{ top: 12, left: '50%', transform: 'translateX(-50%)' }}>
          Preview: not in the picture yet
        </div>
      )}
      <ProofChip />
      <MaskChip />
      <PaintedChip />
      <SelectionBar />
      <EffectEditor />
      <TextPanel />
      <FilterPanel />
      <FirstRun />
      <LiveBar />
      <Strip />
    </main>
  );
}
