import { useView } from '../canvas/view-store.ts';
import { type Point, toDocument } from '../canvas/view-transform.ts';
import { deviceOf, mapPressure } from '../state/pressure-store.ts';
import type { ToolPoint } from '../tools/tool.ts';

/** Where an event is over the canvas, in device pixels. */
export function screenPoint(event: MouseEvent): Point {
  const { left, top, scale } = useView.getState();
  return { x: (event.clientX - left) * scale, y: (event.clientY - top) * scale };
}

/** An event as tools take it: in document pixels, a pen's pressure through its device's curve. */
export function toolPoint(event: PointerEvent): ToolPoint {
  const screen = screenPoint(event);
  const at = toDocument(useView.getState().view, screen);
  return {
    x: at.x,
    y: at.y,
    screenX: screen.x,
    screenY: screen.y,
    pressure: event.pointerType === 'pen' ? mapPressure(deviceOf('pen'), event.pressure) : event.pressure,
    tiltX: event.tiltX,
    tiltY: event.tiltY,
    twist: event.twist,
    time: event.timeStamp,
    pointerType: event.pointerType,
    straight: event.shiftKey,
    alternate: event.altKey,
    command: event.ctrlKey || event.metaKey,
  };
}
