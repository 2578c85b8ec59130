import { EngineError } from '../engine/error.ts';
import { fillChanges } from '../engine/fill/paint-mask.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import { invertSelection } from '../engine/selection/combine.ts';
import { borderSelection, smoothSelection } from '../engine/selection/refine.ts';
import { featherSelection, growSelection } from '../engine/selection/reshape.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import { selectRectangle } from '../engine/selection/shapes.ts';
import { parseColour } from '../state/colour.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { chooseTool, noteColourUsed, usePaint } from '../state/paint-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { tell } from '../state/status-store.ts';
import { changeTool, useTools } from '../state/tool-store.ts';
import { togglePaintedSelection } from '../tools/paint-selection/painted-selection.ts';
import type { Command } from './command.ts';
import { addMask } from './mask-edits.ts';
import { selectLayer } from './select-layer.ts';
import type { Workspace } from './workspace.ts';

/** Fills the selection, or the whole canvas, of the active layer with a colour. */
function fillSelection(session: DocumentSession, colour: string): void {
  const { activeLayerId: layerId, document } = session;
  if (layerId === null) return;
  const mask = session.selection.mask ?? selectRectangle(document.canvas, document.canvas);
  try {
    const changes = fillChanges(document, layerId, mask, parseColour(colour), 1, session.activePlane);
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
  /** A change of shape by as many pixels as the tool options say. */
  const reshape =
    (label: string, change: (mask: SelectionMask, pixels: number, canvas: Rect) => SelectionMask) =>
    ({ selection, document }: DocumentSession): void => {
      const { mask } = selection;
      const { amount } = useTools.getState().select;
      if (!mask) return;
      selection.set(change(mask, amount, document.canvas), `${label} by ${amount} px`);
      // The number stands in the options of tools that select, which may not be in sight.
      tell({
        level: 'info',
        message: `${label}: ${amount} px.`,
        remedy: 'Tools that select have another number in their options.',
      });
    };
  return [
    command(
      'all',
      'Select all',
      ['$mod+a'],
      ({ selection, document }) =>
        selection.set(selectRectangle(document.canvas, document.canvas), 'Select all'),
      false,
    ),
    command('none', 'Deselect', ['$mod+d', '$mod+Shift+a'], ({ selection }) =>
      selection.set(null, 'Deselect'),
    ),
    command('again', 'Reselect', ['$mod+Shift+d'], ({ selection }) => selection.reselect(), false),
    command('invert', 'Invert selection', ['$mod+Shift+i'], ({ selection, document }) => {
      if (selection.mask) selection.set(invertSelection(selection.mask, document.canvas), 'Invert selection');
    }),
    command('grow', 'Grow selection', [], reshape('Grow selection', growSelection)),
    command(
      'shrink',
      'Shrink selection',
      [],
      reshape('Shrink selection', (mask, by, canvas) => growSelection(mask, -by, canvas)),
    ),
    command('feather', 'Feather selection', ['$mod+F6'], reshape('Feather selection', featherSelection)),
    command('smooth', 'Smooth selection', [], reshape('Smooth selection', smoothSelection)),
    command('border', 'Border of selection', [], reshape('Border of selection', borderSelection)),
    command(
      'colour-range',
      'Select a colour range',
      [],
      () => {
        chooseTool('wand');
        changeTool('like', { softRange: true });
        tell({
          level: 'info',
          message: 'Press a colour of the picture: all that is like it is selected, the more alike the more.',
          remedy: 'Tolerance says how far it reaches.',
        });
      },
      false,
    ),
    command(
      'layer',
      "Select the layer's pixels",
      [],
      (session) => selectLayer(session, session.activeLayerId, 'replace'),
      false,
    ),
    command('to-mask', 'Mask the layer by the selection', [], (session) => {
      if (session.activeLayerId) addMask(session, session.activeLayerId);
    }),
    command('save', 'Save selection…', [], () => useLayout.setState({ saveSelectionOpen: true })),
    command('paint', 'Paint the selection', ['q'], (session) => togglePaintedSelection(session), false),
    command(
      'outline',
      'Hide or show the outline of the selection',
      ['$mod+Shift+h'],
      () => useLayout.setState(({ selectionShown }) => ({ selectionShown: !selectionShown })),
      false,
    ),
    command(
      'bar',
      'Hide or show the bar under the selection',
      [],
      () => useLayout.setState(({ selectionBar }) => ({ selectionBar: !selectionBar })),
      false,
    ),
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
