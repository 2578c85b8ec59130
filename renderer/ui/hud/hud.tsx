import { FlipHorizontal2, Redo2, Sparkles, Undo2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { ColorThumb, ColorWheel, ColorWheelTrack, parseColor } from 'react-aria-components';
import { toggleFlip } from '../../canvas/view-store.ts';
import { redo, undo } from '../../commands/edit-commands.ts';
import type { Brush } from '../../engine/brush/brush.ts';
import { findBrush } from '../../state/brush-store.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { closeHud, HUD_SIZE, useHud } from '../../state/hud-store.ts';
import { changeBrush, chooseForeground, usePaint } from '../../state/paint-store.ts';
import { presetSettings } from '../../tools/brush/make-brush.ts';
import { StrokePreview } from '../brushes/stroke-preview.tsx';
import { BrushSizeSlider } from '../brushes/brush-size-slider.tsx';
import { ShadeArea } from '../colour/shade-area.tsx';
import { useForeground } from '../colour/use-foreground.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';

const CENTRE = HUD_SIZE.width / 2;
const BRUSH_RING = 134;
const COLOUR_RING = 97;
const WHEEL_OUTER = 80;
const WHEEL_INNER = 62;
/** Farther than this the press that opened the ring was a drag, and letting go chooses. */
const DRAG = 14;

/** Places `count` things evenly on a circle, the first on top. */
function onRing(index: number, count: number, radius: number, size: number): React.CSSProperties {
  const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
  return {
    left: CENTRE + Math.cos(angle) * radius - size / 2,
    top: CENTRE + Math.sin(angle) * radius - size / 2,
    width: size,
    height: size,
  };
}

function BrushButton({ brush, index, count }: { brush: Brush; index: number; count: number }) {
  const chosen = usePaint((state) => state.brush.presetId === brush.id && state.tool === 'brush');
  return (
    <button
      type="button"
      className="hud-brush"
      style={onRing(index, count, BRUSH_RING, 48)}
      aria-label={brush.name}
      aria-pressed={chosen}
      title={brush.name}
      onClick={() => {
        usePaint.setState({ tool: 'brush' });
        changeBrush(presetSettings(brush));
        closeHud();
      }}
    >
      <StrokePreview brush={brush} />
    </button>
  );
}

function ColourRing() {
  const recent = usePaint((state) => state.recentColours);
  const [colour, change] = useForeground();
  return (
    <>
      {recent.slice(0, 10).map((hex, index) => (
        <button
          type="button"
          className="hud-colour"
          key={hex}
          style={{ ...onRing(index + 0.5, 10, COLOUR_RING, 24), background: hex }}
          aria-label={`Colour ${hex}`}
          title={hex}
          onClick={() => {
            chooseForeground(hex);
            closeHud();
          }}
        />
      ))}
      <div className="hud-wheel" style={{ left: CENTRE - WHEEL_OUTER, top: CENTRE - WHEEL_OUTER }}>
        <ColorWheel
          aria-label="Hue"
          outerRadius={WHEEL_OUTER}
          innerRadius={WHEEL_INNER}
          value={colour.toFormat('hsb')}
          onChange={(next) => change(next.toFormat('hsb'))}
        >
          <ColorWheelTrack data-wheel="" />
          <ColorThumb className="colour-thumb" />
        </ColorWheel>
      </div>
      <div className="hud-wheel" style={{ left: CENTRE - 40, top: CENTRE - 40 }}>
        <ShadeArea className="hud-area" value={colour} onChange={change} />
      </div>
    </>
  );
}

function HudRow() {
  const { workspace } = useRoom();
  const canUndo = useDocument((state) => state.canUndo);
  const canRedo = useDocument((state) => state.canRedo);
  return (
    <div className="hud-row">
      <IconButton icon={Undo2} label="Undo" isDisabled={!canUndo} onPress={() => void undo(workspace)} />
      <IconButton icon={Redo2} label="Redo" isDisabled={!canRedo} onPress={() => void redo(workspace)} />
      <BrushSizeSlider />
      <IconButton
        icon={FlipHorizontal2}
        label="Flip view"
        onPress={() => {
          toggleFlip();
          closeHud();
        }}
      />
      <IconButton
        icon={Sparkles}
        label="Generate here"
        onPress={() => {
          closeHud();
          void workspace.generator.start();
        }}
      />
    </div>
  );
}

/** Letting go of the press that opened the ring chooses what is under it; the hue where that is the wheel. */
function chooseUnder(x: number, y: number, left: number, top: number): void {
  const dx = x - left - CENTRE;
  const dy = y - top - CENTRE;
  const distance = Math.hypot(dx, dy);
  if (distance <= WHEEL_OUTER && distance >= WHEEL_INNER) {
    const hue = ((Math.atan2(dy, dx) * 180) / Math.PI + 360) % 360;
    const own = parseColor(usePaint.getState().foreground).toFormat('hsb');
    const full = own.getChannelValue('saturation') === 0 ? own.withChannelValue('saturation', 100) : own;
    chooseForeground(full.withChannelValue('hue', hue).toString('hex'));
    closeHud();
    return;
  }
  const target = document.elementFromPoint(x, y)?.closest('button');
  if (target instanceof HTMLButtonElement) target.click();
  else closeHud();
}

/** Brushes, colours, size, undo and the rest, at the pen: by taps, or in one press, drag and release. */
export function Hud() {
  const at = useHud((state) => state.at);
  const brushes = useHud((state) => state.brushes);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!at) return undefined;
    const opener = document.activeElement;
    const abort = new AbortController();
    const { signal } = abort;
    const { pointer } = useHud.getState();
    panel.current?.focus({ preventScroll: true });
    window.addEventListener(
      'pointerup',
      (event) => {
        if (Math.hypot(event.clientX - pointer.x, event.clientY - pointer.y) > DRAG && !pressedInside)
          chooseUnder(event.clientX, event.clientY, at.left, at.top);
        pressedInside = true;
      },
      { signal },
    );
    let pressedInside = false;
    window.addEventListener(
      'pointerdown',
      (event) => {
        pressedInside = true;
        if (event.target instanceof Node && panel.current?.contains(event.target) === true) return;
        event.preventDefault();
        event.stopPropagation();
        closeHud();
      },
      { signal, capture: true },
    );
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        closeHud();
      },
      { signal, capture: true },
    );
    window.addEventListener('blur', closeHud, { signal });
    return () => {
      abort.abort();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, [at]);
  if (!at) return null;
  const shown = brushes.map((id) => findBrush(id)).filter((brush) => brush !== undefined);
  return (
    <div
      ref={panel}
      className="hud"
      {...PANEL}
      aria-label="Quick menu"
      data-testid="hud"
      style={{ ...at, width: HUD_SIZE.width, height: HUD_SIZE.height }}
    >
      <div className="hud-disc" style={{ width: HUD_SIZE.width, height: HUD_SIZE.width }} />
      {shown.map((brush, index) => (
        <BrushButton brush={brush} index={index} count={shown.length} key={brush.id} />
      ))}
      <ColourRing />
      <HudRow />
    </div>
  );
}

const PANEL = { role: 'dialog', tabIndex: -1 } as const;
