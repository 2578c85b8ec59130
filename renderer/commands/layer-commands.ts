import { renameLayer, useLayout } from '../state/layout-store.ts';
import { activeLayer, useDocument } from '../state/document/document-store.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import type { Command } from './command.ts';
import {
  changeChosen,
  deleteChosen,
  duplicateChosen,
  groupChosen,
  mergeChosen,
  shiftChosen,
} from './chosen-layers.ts';
import {
  addLayer,
  chooseNeighbour,
  labelName,
  mergeAllVisible,
  stampVisible,
  toggleSolo,
  ungroup,
} from './layer-edits.ts';
import { LAYER_LABELS } from '../engine/layers/layer-label.ts';
import type { AdjustmentSettings } from '../engine/layers/adjustment-settings.ts';
import { addAdjustment, addGradientFill, addSolidFill, NEW_ADJUSTMENTS } from './effect-layers.ts';
import { addMask, applyMask, deleteMask, invertMask, toggleMask } from './mask-edits.ts';
import { editLayerText, makePixelsOfText } from './text-edits.ts';
import type { Workspace } from './workspace.ts';

/** Keys that other programs have for the same correction of pixels. */
const ADJUSTMENT_KEYS: { readonly [Type in AdjustmentSettings['type']]?: readonly string[] } = {
  levels: ['$mod+l'],
  curves: ['$mod+m'],
  'hue-saturation': ['$mod+u'],
  'colour-balance': ['$mod+b'],
  invert: ['$mod+i'],
};

/** Making, ordering and locking layers. */
export function layerCommands(workspace: Workspace): readonly Command[] {
  const withActive = (act: (session: DocumentSession, id: string) => void) => (): void => {
    const session = workspace.open?.session;
    if (session?.activeLayerId) act(session, session.activeLayerId);
  };
  const enabled = (): boolean => workspace.open !== null && useDocument.getState().readOnly === null;
  const layer = (
    id: string,
    title: string,
    keys: readonly string[],
    act: (session: DocumentSession, id: string) => void,
  ): Command => ({ id: `layer.${id}`, title, group: 'Layer', keys, enabled, run: withActive(act) });
  const mask = (...given: Parameters<typeof layer>): Command => ({ ...layer(...given), submenu: 'Mask' });
  return [
    layer('new', 'New layer', ['$mod+Shift+n', 'Insert'], addLayer),
    layer('duplicate', 'Duplicate layer', ['$mod+j'], duplicateChosen),
    layer('rename', 'Rename layer', ['F2'], (_, id) => renameLayer(id)),
    layer('group', 'Group', ['$mod+g'], groupChosen),
    layer('ungroup', 'Ungroup', ['$mod+Shift+g'], ungroup),
    layer('delete', 'Delete layer', ['Shift+Delete'], deleteChosen),
    layer('raise', 'Move layer up', ['$mod+BracketRight'], (session) => shiftChosen(session, 1)),
    layer('lower', 'Move layer down', ['$mod+BracketLeft'], (session) => shiftChosen(session, -1)),
    layer('above', 'Choose layer above', ['Alt+BracketRight', 'PageUp'], (session) =>
      chooseNeighbour(session, 1),
    ),
    layer('below', 'Choose layer below', ['Alt+BracketLeft', 'PageDown'], (session) =>
      chooseNeighbour(session, -1),
    ),
    layer('alpha-lock', 'Lock transparency', ['Slash'], (session) => {
      const record = activeLayer(useDocument.getState());
      if (!record || record.kind === 'group') return;
      const alphaLocked = !record.alphaLocked;
      changeChosen(session, alphaLocked ? 'Lock transparency' : 'Unlock transparency', ({ kind }) =>
        kind === 'group' ? {} : { alphaLocked },
      );
    }),
    layer('lock', 'Lock or unlock layer', [], (session) => {
      const locked = activeLayer(useDocument.getState())?.locked !== true;
      changeChosen(session, locked ? 'Lock' : 'Unlock', () => ({ locked }));
    }),
    layer('visible', 'Hide or show layer', [], (session) => {
      const visible = activeLayer(useDocument.getState())?.visible !== true;
      changeChosen(session, visible ? 'Show' : 'Hide', () => ({ visible }));
    }),
    layer('solo', 'Show the layer alone, or all again', [], (_, id) => toggleSolo(id)),
    layer('clip', 'Clip to layer below', ['$mod+Alt+g'], (session) => {
      const record = activeLayer(useDocument.getState());
      if (!record) return;
      const clipped = !record.clipped;
      changeChosen(session, clipped ? 'Clip to below' : 'Release clipping', () => ({ clipped }));
    }),
    layer('merge', 'Merge down, or the chosen layers', ['$mod+e'], mergeChosen),
    layer('merge-visible', 'Merge visible', ['$mod+Shift+e'], mergeAllVisible),
    layer('stamp-visible', 'Merge visible to a new layer', ['$mod+Alt+Shift+e'], stampVisible),
    layer('choose-all', 'Choose all layers', ['$mod+Alt+a'], (session) =>
      session.chooseLayers([...session.document.layers.all()].map(({ record }) => record.id)),
    ),
    layer('find', 'Find layers by name', [], () => useLayout.setState({ layerQuery: '' })),
    ...[null, ...LAYER_LABELS].map((label) => ({
      ...layer(`label-${label ?? 'none'}`, `Colour label: ${label ?? 'none'}`, [], (session) =>
        changeChosen(session, label ? `Label ${label}` : 'No label', () => ({ label })),
      ),
      submenu: 'Colour label',
      shortTitle: labelName(label),
    })),
    layer('text-edit', 'Edit text', [], editLayerText),
    layer('text-pixels', 'Make pixels of text', [], makePixelsOfText),
    mask('mask', 'Add mask, from the selection if there is one', [], addMask),
    mask('mask-target', 'Paint the layer or its mask', ['Backslash'], (session, id) =>
      session.choosePlane(id, session.activePlane === 'mask' ? 'pixels' : 'mask'),
    ),
    mask('mask-toggle', 'Disable or enable mask', [], toggleMask),
    mask('mask-invert', 'Invert mask', [], invertMask),
    mask('mask-apply', 'Apply mask', [], applyMask),
    mask('mask-delete', 'Delete mask', [], deleteMask),
    layer('fill-solid', 'New colour fill layer', [], addSolidFill),
    layer('fill-gradient', 'New gradient fill layer', [], addGradientFill),
    ...NEW_ADJUSTMENTS.map(({ name, settings }) => ({
      ...layer(
        `adjust-${settings.type}`,
        `New adjustment: ${name}`,
        ADJUSTMENT_KEYS[settings.type] ?? [],
        (session) => addAdjustment(session, settings),
      ),
      submenu: 'New adjustment',
      shortTitle: name,
    })),
  ];
}
