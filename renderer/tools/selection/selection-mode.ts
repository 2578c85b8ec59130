import type { SelectionMode } from '../../engine/selection/combine.ts';
import { featherSelection } from '../../engine/selection/reshape.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { useTools } from '../../state/tool-store.ts';
import type { ToolPoint } from '../tool.ts';

/** Shift adds, Alt subtracts, both intersect; without them the tool options decide. */
export function modeOf({ straight, alternate }: ToolPoint): SelectionMode {
  if (straight && alternate) return 'intersect';
  if (alternate) return 'subtract';
  return straight ? 'add' : useTools.getState().select.mode;
}

/** Joins a new selection, with the soft edge that is set. @param label what the history list will say. */
export function joinSelection(
  session: DocumentSession,
  mask: SelectionMask,
  mode: SelectionMode,
  label: string,
): void {
  const { feather } = useTools.getState().select;
  session.selection.join(featherSelection(mask, feather, session.document.canvas), mode, label);
}
