import { useDocument } from '../state/document/document-store.ts';
import { leavePendingAct } from '../state/pending-act.ts';
import { usePaint } from '../state/paint-store.ts';
import { forgetExplanation } from '../tools/brush/explain.ts';
import { loadBundledFonts } from '../tools/text/bundled-fonts.ts';
import { startTransform } from '../tools/transform/transform-act.ts';
import type { Workspace } from './workspace.ts';

/** Choosing another tool loads the fonts that it may need and settles what the last one left waiting; choosing Transform takes up the pixels at once. */
export function watchTools(workspace: Workspace): void {
  let givenBack = false;
  useDocument.subscribe((state, before) => {
    if (state.activeLayerId !== before.activeLayerId) forgetExplanation();
  });
  usePaint.subscribe((state, before) => {
    if (state.tool === before.tool) return;
    leavePendingAct();
    if (!givenBack) forgetExplanation();
    // Both draw text; whoever needs the fonts and misses them says so.
    if (state.tool === 'text' || state.tool === 'transform') loadBundledFonts().catch(() => undefined);
    const session = workspace.open?.session;
    if (state.tool !== 'transform' || !session || session.readOnly !== null || workspace.penDown) return;
    if (startTransform(session, before.tool)) return;
    // Why it could not begin has just been said.
    givenBack = true;
    usePaint.setState({ tool: before.tool });
    givenBack = false;
  });
}
