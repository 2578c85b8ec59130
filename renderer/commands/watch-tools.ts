import { leavePendingAct } from '../state/pending-act.ts';
import { usePaint } from '../state/paint-store.ts';
import { loadBundledFonts } from '../tools/text/bundled-fonts.ts';
import { startTransform } from '../tools/transform/transform-act.ts';
import type { Workspace } from './workspace.ts';

/** Choosing another tool loads the fonts that it may need and settles what the last one left waiting; choosing Transform takes up the pixels at once. */
export function watchTools(workspace: Workspace): void {
  usePaint.subscribe((state, before) => {
    if (state.tool === before.tool) return;
    leavePendingAct();
    // Both draw text; whoever needs the fonts and misses them says so.
    if (state.tool === 'text' || state.tool === 'transform') loadBundledFonts().catch(() => undefined);
    const session = workspace.open?.session;
    if (state.tool !== 'transform' || !session || session.readOnly !== null || workspace.penDown) return;
    if (!startTransform(session)) usePaint.setState({ tool: before.tool });
  });
}
