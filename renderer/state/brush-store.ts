import { create } from 'zustand';
import { type StoredBrush, StudioError } from '../../preload/contract/index.ts';
import type { Brush } from '../engine/brush/brush.ts';
import { BRUSH_PRESETS } from '../engine/brush/presets.ts';
import { tell } from './status-store.ts';
import type { StudioLink } from './studio-link.ts';

/** A person's own brushes, and changed ones that stand in for those that ship. */
interface BrushesState {
  readonly own: readonly Brush[];
}

/** The person's own brushes. */
export const useBrushes = create<BrushesState>()(() => ({ own: [] }));

const SHIPPED = new Map(BRUSH_PRESETS.map((brush) => [brush.id, brush]));
/** Quiet time after a change before it is written. */
const WRITE_DELAY = 400;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Every brush: those that ship, as they were changed, then the person's own. */
export function allBrushes({ own }: BrushesState): readonly Brush[] {
  const changed = new Map(own.map((brush) => [brush.id, brush]));
  const shipped = BRUSH_PRESETS.map((brush) => changed.get(brush.id) ?? brush);
  return [...shipped, ...own.filter(({ id }) => !SHIPPED.has(id))];
}

/** A brush by its id, or undefined. */
export function findBrush(id: string): Brush | undefined {
  return useBrushes.getState().own.find((brush) => brush.id === id) ?? SHIPPED.get(id);
}

/** The brush as it ships, or undefined for a person's own. */
export function shippedBrush(id: string): Brush | undefined {
  return SHIPPED.get(id);
}

/** Reads the person's own brushes. @throws StudioError */
export async function loadBrushes(link: StudioLink): Promise<void> {
  const own = await link.request('brushes.list', {});
  useBrushes.setState({ own });
}

/** Keeps a brush: at once in the window, on disk shortly after. */
export function keepBrush(link: StudioLink, brush: Brush): void {
  useBrushes.setState(({ own }) => ({
    own: own.some(({ id }) => id === brush.id)
      ? own.map((each) => (each.id === brush.id ? brush : each))
      : [...own, brush],
  }));
  clearTimeout(waiting.get(brush.id));
  waiting.set(
    brush.id,
    setTimeout(() => {
      waiting.delete(brush.id);
      // The same data; the engine's lists are read-only, which the contract cannot say.
      link.request('brushes.save', { brush: brush as StoredBrush }).catch(report);
    }, WRITE_DELAY),
  );
}

/** Forgets a person's own brush, or what was changed of one that ships. */
export function dropBrush(link: StudioLink, id: string): void {
  clearTimeout(waiting.get(id));
  waiting.delete(id);
  useBrushes.setState(({ own }) => ({ own: own.filter((brush) => brush.id !== id) }));
  link.request('brushes.remove', { id }).catch(report);
}

/** An id that no brush has, made from a name. */
export function freeBrushId(name: string): string {
  const stem =
    name
      .toLowerCase()
      .normalize('NFKD')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 48) || 'brush';
  for (let number = 1; ; number++) {
    const id = number === 1 ? `my-${stem}` : `my-${stem}-${number}`;
    if (!findBrush(id)) return id;
  }
}

function report(error: unknown): void {
  if (!(error instanceof StudioError)) throw error;
  tell({ level: 'bad', message: error.message, remedy: error.remedy });
}
