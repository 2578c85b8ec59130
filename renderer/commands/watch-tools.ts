import { leavePendingAct } from '../state/pending-act.ts';
import { usePaint } from '../state/paint-store.ts';
import { startTransform } from '../tools/transform/transform-act.ts';
import type { Workspace } from './workspace.ts';

/** Choosing another tool settles what the last one left waiting; choosing Transform takes up the pixels at once. */
export function watchTools(workspace: Workspace): void {
  usePaint.subscribe((state, before) => {
    if (state.tool === before.tool) return;
    leavePendingAct();
    const session = workspace.open?.session;
    if (state.tool !== 'transform' || !session || session.readOnly !== null || workspace.penDown) return;
    if (!startTransform(session)) usePaint.setState({ tool: before.tool });
  });
}
