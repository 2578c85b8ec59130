import { StudioError } from '../../preload/contract/index.ts';
import { SelectionMask } from '../engine/selection/selection-mask.ts';
import { chosenResult, useGeneration } from '../generation/generation-store.ts';
import { chooseForeground, usePaint } from '../state/paint-store.ts';
import { announce, tell } from '../state/status-store.ts';
import { addAsLayer } from './accept-result.ts';
import type { Workspace } from './workspace.ts';

/** A result that is being painted in: the layer that it became, and the colour to give back. */
interface PaintedIn {
  readonly resultId: string;
  readonly layerId: string;
  readonly foreground: string;
}

let painted: PaintedIn | null = null;

/** True while a result is painted in part by part. */
export function paintsPart(): boolean {
  return painted !== null;
}

/**
 * Begins to paint a result in: it becomes a layer under a mask that hides all of it, the mask is what the brush paints, white
 * shows, and the whole of it is seen as a ghost.
 */
export async function acceptPart(workspace: Workspace): Promise<void> {
  const { open, generator, overlay } = workspace;
  const summary = chosenResult(useGeneration.getState());
  if (!open || !summary || painted) return;
  const frame = generator.pictures.frameOf(summary);
  try {
    const nothing = new SelectionMask(frame, null);
    const layer = await addAsLayer(workspace, open, summary, { frame, mask: nothing }, 'Paint in');
    open.session.choosePlane(layer.id, 'mask');
    painted = { resultId: summary.resultId, layerId: layer.id, foreground: usePaint.getState().foreground };
    chooseForeground('#ffffff');
    usePaint.setState({ tool: 'brush' });
    overlay.lookAt({ ghost: true });
    tell({
      level: 'info',
      message: 'Paint what you want of it; the eraser takes out again.',
      remedy: 'Enter keeps it.',
    });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}

/** Ends painting in: what was painted stays, as a layer and its mask. */
export function finishPart({ open, generator, overlay }: Workspace): void {
  if (!painted) return;
  const { resultId, layerId, foreground } = painted;
  painted = null;
  chooseForeground(foreground);
  overlay.lookAt({ ghost: false });
  if (open?.session.document.layers.find(layerId)) open.session.choosePlane(layerId, 'pixels');
  generator.pictures.settle(resultId, 'accepted');
  announce('Accepted in part.');
}
