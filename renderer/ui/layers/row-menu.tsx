import { EllipsisVertical } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator, Text } from 'react-aria-components';
import {
  changeLayer,
  labelName,
  mergeDown,
  mergeGroup,
  moveLayer,
  shiftLayer,
  toggleSolo,
} from '../../commands/layer-edits.ts';
import {
  addMask,
  applyMask,
  deleteMask,
  invertMask,
  toggleMask,
  toggleMaskLink,
} from '../../commands/mask-edits.ts';
import { editLayerText, makePixelsOfText } from '../../commands/text-edits.ts';
import { LAYER_LABELS } from '../../engine/layers/layer-label.ts';
import { holdsPixels, type LayerRecord } from '../../engine/layers/layer-record.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly run: () => void;
}

function maskEntries(session: DocumentSession, { id, kind, mask }: LayerRecord): Entry[] {
  const selected = session.selection.mask !== null;
  const add = {
    id: 'add-mask',
    title: selected ? 'Mask from selection' : 'Add mask',
    run: () => addMask(session, id),
  };
  if (!mask) return [add];
  return [
    ...(selected ? [{ ...add, title: 'Replace mask by selection' }] : []),
    {
      id: 'toggle-mask',
      title: mask.enabled ? 'Disable mask' : 'Enable mask',
      run: () => toggleMask(session, id),
    },
    { id: 'invert-mask', title: 'Invert mask', run: () => invertMask(session, id) },
    {
      id: 'link-mask',
      title: mask.linked ? 'Unlink mask from layer' : 'Link mask to layer',
      run: () => toggleMaskLink(session, id),
    },
    ...(holdsPixels(kind)
      ? [{ id: 'apply-mask', title: 'Apply mask', run: () => applyMask(session, id) }]
      : []),
    { id: 'delete-mask', title: 'Delete mask', run: () => deleteMask(session, id) },
  ];
}

function moveEntries(session: DocumentSession, { id, parent }: LayerRecord): Entry[] {
  const { layers } = session.document;
  const siblings = layers.childrenOf(parent);
  return [
    { id: 'up', title: 'Move up', run: () => shiftLayer(session, id, 1) },
    { id: 'down', title: 'Move down', run: () => shiftLayer(session, id, -1) },
    { id: 'top', title: 'Move to top', run: () => moveLayer(session, id, parent, siblings.length - 1) },
    { id: 'bottom', title: 'Move to bottom', run: () => moveLayer(session, id, parent, 0) },
  ];
}

function layerEntries(session: DocumentSession, layer: LayerRecord): Entry[] {
  const { id, kind, clipped, name } = layer;
  return [
    {
      id: 'clip',
      title: clipped ? 'Release clipping' : 'Clip to layer below',
      run: () =>
        changeLayer(session, id, `${clipped ? 'Release' : 'Clip'} ${name}`.slice(0, 200), {
          clipped: !clipped,
        }),
    },
    kind === 'group'
      ? { id: 'merge', title: 'Merge group', run: () => mergeGroup(session, id) }
      : { id: 'merge', title: 'Merge down', run: () => mergeDown(session, id) },
    { id: 'solo', title: 'Show alone, or all again', run: () => toggleSolo(id) },
  ];
}

function textEntries(session: DocumentSession, { id, text }: LayerRecord): Entry[] {
  if (!text) return [];
  return [
    { id: 'edit-text', title: 'Edit text', run: () => editLayerText(session, id) },
    { id: 'text-pixels', title: 'Make pixels of text', run: () => makePixelsOfText(session, id) },
  ];
}

function labelEntries(session: DocumentSession, { id, label: present }: LayerRecord): Entry[] {
  return [null, ...LAYER_LABELS].flatMap((label) =>
    label === (present ?? null)
      ? []
      : [
          {
            id: `label-${label ?? 'none'}`,
            title: label === null ? labelName(label) : `Label ${label}`,
            run: () => changeLayer(session, id, label === null ? 'No label' : `Label ${label}`, { label }),
          },
        ],
  );
}

/** What can be done with a layer beyond its row's buttons. */
export function RowMenu({ layer, session }: { layer: LayerRecord; session: DocumentSession }) {
  return (
    <MenuTrigger>
      <Button className="button quiet icon-button" aria-label={`More for ${layer.name}`}>
        <EllipsisVertical size={16} strokeWidth={1.75} aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end" offset={2}>
        {/* What there is to do depends on the selection, so it is asked for when the menu opens. */}
        <RowMenuItems layer={layer} session={session} />
      </Popover>
    </MenuTrigger>
  );
}

function RowMenuItems({ layer, session }: { layer: LayerRecord; session: DocumentSession }) {
  const groups = [
    textEntries(session, layer),
    maskEntries(session, layer),
    layerEntries(session, layer),
    moveEntries(session, layer),
    labelEntries(session, layer),
  ].filter((entries) => entries.length > 0);
  const items = groups.flat();
  const firsts = new Set(groups.slice(1).map((group) => group[0]?.id));
  return (
    <Menu
      className="menu"
      aria-label={`More for ${layer.name}`}
      onAction={(key) => items.find((entry) => entry.id === key)?.run()}
    >
      {items.flatMap(({ id, title }) => [
        ...(firsts.has(id) ? [<Separator className="menu-separator" key={`before ${id}`} />] : []),
        <MenuItem className="menu-item" id={id} key={id} textValue={title}>
          <Text slot="label">{title}</Text>
        </MenuItem>,
      ])}
    </Menu>
  );
}
