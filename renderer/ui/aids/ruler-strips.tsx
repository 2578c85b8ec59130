import { useEffect, useRef } from 'react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import { Ruler, RULER_WIDTH, type RulerEdge, scaleOf } from '../../canvas/rulers.ts';
import { toolPoint } from '../../input/tool-point.ts';
import { RULER_UNITS, type RulerUnit, useAidSettings } from '../../state/aid-store.ts';
import { dragGuide } from '../../tools/guides/drag-guide.ts';
import type { ToolDrag } from '../../tools/tool.ts';
import { useOpenDocument } from '../workspace-context.tsx';

const UNIT_NAMES: Readonly<Record<RulerUnit, string>> = {
  px: 'pixels',
  mm: 'millimetres',
  in: 'inches',
  '%': 'percent',
};

/** The ruler along one edge: a drag out of it makes a guide that runs along it. */
function RulerStrip({ edge }: { readonly edge: RulerEdge }) {
  const open = useOpenDocument();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<ToolDrag | null>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const ruler = new Ruler(element, edge);
    return () => ruler.dispose();
  }, [edge]);
  useEffect(() => {
    const cancel = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !drag.current) return;
      event.stopPropagation();
      drag.current.cancel();
      drag.current = null;
    };
    window.addEventListener('keydown', cancel, { capture: true });
    return () => window.removeEventListener('keydown', cancel, { capture: true });
  }, []);
  const end = (act: 'end' | 'cancel'): void => {
    void drag.current?.[act]();
    drag.current = null;
  };
  return (
    <canvas
      className={`ruler ${edge}`}
      ref={canvas}
      data-testid={`ruler-${edge}`}
      aria-hidden
      onPointerDown={(event) => {
        if (!open || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        useAidSettings.setState({ guidesShown: true });
        const along = scaleOf(edge).axis === 'x' ? 'horizontal' : 'vertical';
        drag.current = dragGuide(open.session, -1, along);
      }}
      onPointerMove={(event) => drag.current?.move([toolPoint(event.nativeEvent)])}
      onPointerUp={() => end('end')}
      onPointerCancel={() => end('cancel')}
    />
  );
}

/** Rulers along the top and left edge of the canvas, and what they count in. */
export function RulerStrips() {
  const shown = useAidSettings((state) => state.rulersShown);
  const unit = useAidSettings((state) => state.unit);
  if (!shown) return null;
  const next = RULER_UNITS[(RULER_UNITS.indexOf(unit) + 1) % RULER_UNITS.length] ?? 'px';
  return (
    <div className="rulers" style={{ '--ruler-width': `${RULER_WIDTH}px` } as React.CSSProperties}>
      <RulerStrip edge="top" />
      <RulerStrip edge="left" />
      <TooltipTrigger delay={500} closeDelay={0}>
        <Button
          className="ruler-unit"
          aria-label={`${unit}: rulers in ${UNIT_NAMES[unit]}`}
          onPress={() => useAidSettings.setState({ unit: next })}
        >
          {unit}
        </Button>
        <Tooltip className="tooltip" offset={4}>
          Rulers in {UNIT_NAMES[unit]}; press for {UNIT_NAMES[next]}
        </Tooltip>
      </TooltipTrigger>
    </div>
  );
}
