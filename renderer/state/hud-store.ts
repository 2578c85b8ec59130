import { create } from 'zustand';
import { usePaint } from './paint-store.ts';

/** Width of the ring, and of the row of buttons under it, in CSS px. */
export const HUD_SIZE = { width: 320, height: 376 } as const;
/** Distance that is kept from the window's edges. */
const EDGE = 4;

interface HudState {
  /** Where its top left corner is, in CSS px of the window; null while it is closed. */
  readonly at: { readonly left: number; readonly top: number } | null;
  /** Where it was asked for. */
  readonly pointer: { readonly x: number; readonly y: number };
  /** Brushes by place; a place keeps its brush until it is the one least lately used. */
  readonly brushes: readonly string[];
}

/** The ring at the pen. */
export const useHud = create<HudState>()(() => ({
  at: null,
  pointer: { x: 0, y: 0 },
  brushes: [
    'round',
    'pencil',
    'ink',
    'charcoal',
    'gouache',
    'oil',
    'watercolour',
    'airbrush',
    'blender',
    'smudge',
  ],
}));

/** Opens the ring around a place, moved so that all of it is inside the window. */
export function openHud(x: number, y: number): void {
  const fit = (value: number, size: number, room: number): number =>
    Math.round(Math.max(EDGE, Math.min(room - size - EDGE, value)));
  useHud.setState({
    pointer: { x, y },
    at: {
      left: fit(x - HUD_SIZE.width / 2, HUD_SIZE.width, window.innerWidth),
      top: fit(y - HUD_SIZE.width / 2, HUD_SIZE.height, window.innerHeight),
    },
  });
}

/** Closes the ring. */
export function closeHud(): void {
  if (useHud.getState().at) useHud.setState({ at: null });
}

const usedAt = new Map<string, number>();

/** Keeps the brushes that are used within reach; returns how to stop. */
export function followBrushes(): () => void {
  let clock = 0;
  return usePaint.subscribe((state, before) => {
    const id = state.brush.presetId;
    if (id === before.brush.presetId) return;
    usedAt.set(id, ++clock);
    const { brushes } = useHud.getState();
    if (brushes.includes(id)) return;
    const oldest = brushes.reduce((a, b) => ((usedAt.get(a) ?? 0) <= (usedAt.get(b) ?? 0) ? a : b));
    useHud.setState({ brushes: brushes.map((each) => (each === oldest ? id : each)) });
  });
}
