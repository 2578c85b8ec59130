/** The type of what is dragged from the shelf of adapters onto a group of layers. */
export const ADAPTER_DRAG = 'application/x-impasto-adapter';

/** An adapter as it travels. */
interface DraggedAdapter {
  readonly path: string;
  readonly name: string;
}

/** Writes an adapter into what is dragged. */
export function writeDraggedAdapter({ path, name }: DraggedAdapter): string {
  return JSON.stringify([path, name]);
}

/** What was dropped; null for what no shelf gave. */
export function readDraggedAdapter(text: string): DraggedAdapter | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const [path, name] = Array.isArray(parsed) ? (parsed as readonly unknown[]) : [];
    return typeof path === 'string' && typeof name === 'string' ? { path, name } : null;
  } catch {
    return null;
  }
}
