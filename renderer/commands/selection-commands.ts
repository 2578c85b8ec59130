import { EngineError } from '../engine/error.ts';
import { fillChanges } from '../engine/fill/paint-mask.ts';
import { invertSelection } from '../engine/selection/combine.ts';
import { growSelection } from '../engine/selection/reshape.ts';
import { selectRectangle } from '../engine/selection/shapes.ts';
import { parseColour } from '../state/colour.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { noteColourUsed, usePaint } from '../state/paint-store.ts';
import { tell } from '../state/status-store.ts';
import type { Command } from './command.ts';
import type { Workspace } from './workspace.ts';

/** Pixels by which Grow and Shrink move the border. */
const GROW = 4;

/** Fills the selection, or the whole canvas, of the active layer with a colour. */
function fillSelection(session: DocumentSession, colour: string): void {
  const { activeLayerId: layerId, document } = session;
  if (layerId === null) return;
  const mask = session.selection.mask ?? selectRectangle(document.canvas, document.canvas);
  try {
    const changes = fillChanges(document, layerId, mask, parseColour(colour), 1);
    if (changes.length === 0) return;
    session.record('Fill', changes);
    noteColourUsed(colour);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    tell({ level: 'warn', message: error.message, remedy: '' });
  }
}

/** Choosing parts of the picture. */
export function selectionCommands(workspace: Workspace): readonly Command[] {
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    act: (session: DocumentSession) => void,
    needsSelection = true,
  ): Command => ({
    id: `selection.${id}`,
    title,
    group: 'Select',
    keys,
    enabled: () =>
      workspace.open !== null && (!needsSelection || workspace.open.session.selection.mask !== null),
    run() {
      if (workspace.open) act(workspace.open.session);
    },
  });
  const grow = (session: DocumentSession, by: number): void => {
    const { mask } = session.selection;
    if (mask) session.selection.set(growSelection(mask, by, session.document.canvas));
  };
  return [
    command(
      'all',
      'Select all',
      ['$mod+a'],
      ({ selection, document }) => selection.set(selectRectangle(document.canvas, document.canvas)),
      false,
    ),
    command('none', 'Deselect', ['$mod+d', '$mod+Shift+a'], ({ selection }) => selection.set(null)),
    command('again', 'Reselect', ['$mod+Shift+d'], ({ selection }) => selection.reselect(), false),
    command('invert', 'Invert selection', ['$mod+Shift+i'], ({ selection, document }) => {
      if (selection.mask) selection.set(invertSelection(selection.mask, document.canvas));
    }),
    command('grow', `Grow selection by ${GROW} px`, [], (session) => grow(session, GROW)),
    command('shrink', `Shrink selection by ${GROW} px`, [], (session) => grow(session, -GROW)),
    command(
      'fill',
      'Fill with colour',
      ['Alt+Backspace'],
      (session) => fillSelection(session, usePaint.getState().foreground),
      false,
    ),
    command(
      'fill-second',
      'Fill with other colour',
      ['$mod+Backspace'],
      (session) => fillSelection(session, usePaint.getState().background),
      false,
    ),
  ];
}
