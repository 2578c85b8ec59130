import { StudioError } from '../../preload/contract/index.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import { toModelColours } from '../generation/model-colours.ts';
import { useLive } from '../generation/live/live-store.ts';
import { announce, tell } from '../state/status-store.ts';
import { addAsLayer } from './accept-result.ts';
import type { Command } from './command.ts';
import type { Workspace } from './workspace.ts';

/** Turns Live on for the frame, or off. */
export function toggleLive(workspace: Workspace): void {
  if (workspace.live.on) {
    workspace.live.stop();
    announce('Live is off.');
    return;
  }
  startLive(workspace);
}

/** Turns Live on, or on again after it stopped. */
export function startLive(workspace: Workspace): void {
  const { open } = workspace;
  const frame = workspace.generator.frame();
  if (!open || !frame) return;
  const { document } = open.session;
  const read = (rect: Rect) => toModelColours(workspace.readPixels(rect), document.format);
  void workspace.live.start({ document, frame, read });
  announce('Live is on.');
}

/** Keeps the live picture as a generated layer above the active one: one undoable step. */
export async function keepLive(workspace: Workspace): Promise<void> {
  const { open } = workspace;
  if (!open) return;
  try {
    const kept = await workspace.live.keep();
    if (!kept) return;
    const place = { frame: kept.frame, mask: null };
    const { name } = await addAsLayer(workspace, open, kept.summary, place, 'Keep live picture');
    announce(`Kept as layer ${name}.`);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}

/** Painting live. */
export function liveCommands(workspace: Workspace): readonly Command[] {
  return [
    {
      id: 'live.toggle',
      title: 'Live painting on or off',
      group: 'Generate',
      keys: ['Shift+l'],
      run: () => toggleLive(workspace),
      enabled: () => workspace.open !== null,
    },
    {
      id: 'live.keep',
      title: 'Keep the live picture as a layer',
      group: 'Generate',
      keys: [],
      run: () => keepLive(workspace),
      enabled: () => useLive.getState().latency !== null,
    },
  ];
}
