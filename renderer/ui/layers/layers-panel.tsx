import { Copy, FolderPlus, Plus, Trash2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { type Key, Tree, useDragAndDrop } from 'react-aria-components';
import { deleteChosen, duplicateChosen, groupChosen } from '../../commands/chosen-layers.ts';
import { addLayer } from '../../commands/layer-edits.ts';
import { bindAdapter } from '../../commands/conditioning-edits.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { ADAPTER_DRAG, readDraggedAdapter } from '../adapter-drag.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useLayout } from '../../state/layout-store.ts';
import { useOpenDocument } from '../workspace-context.tsx';
import { dropLayers } from './drop-layers.ts';
import { LayerOptions } from './layer-options.tsx';
import { difference, foundLayers } from './found-layers.ts';
import { LayerRow } from './layer-row.tsx';
import { LayerSearch } from './layer-search.tsx';
import { NewEffectMenu } from './new-effect-menu.tsx';

/** Buttons of the panel's header. */
export function LayerActions() {
  const open = useOpenDocument();
  const activeId = useDocument((state) => state.activeLayerId);
  if (!open) return null;
  const { session } = open;
  return (
    <>
      <IconButton
        icon={Plus}
        label="New layer"
        command="layer.new"
        size={16}
        onPress={() => addLayer(session)}
      />
      <NewEffectMenu session={session} />
      <IconButton
        icon={FolderPlus}
        label="Group"
        command="layer.group"
        size={16}
        onPress={() => groupChosen(session)}
      />
      <IconButton
        icon={Copy}
        label="Duplicate layer"
        command="layer.duplicate"
        size={16}
        isDisabled={activeId === null}
        onPress={() => duplicateChosen(session)}
      />
      <IconButton
        icon={Trash2}
        label="Delete layer"
        command="layer.delete"
        size={16}
        isDisabled={activeId === null}
        onPress={() => deleteChosen(session)}
      />
    </>
  );
}

const rename = (id: string | null): void => useLayout.setState({ renamedLayerId: id });

/** All layers, top first; drag or keys reorder. */
export function LayerList() {
  const open = useOpenDocument();
  const layers = useDocument((state) => state.layers);
  const chosen = useDocument((state) => state.chosenLayerIds);
  const query = useLayout((state) => state.layerQuery);
  const by = useRef<'touch' | 'key' | 'pointer' | null>(null);
  // The list's own set of the same rows: it knows from where Shift reaches.
  const [marked, setMarked] = useState<ReadonlySet<Key>>(new Set());
  const renaming = useLayout((state) => state.renamedLayerId);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const byParent = useMemo(() => {
    const map = new Map<string | null, LayerRecord[]>();
    const shown = query === null ? layers : foundLayers(layers, query);
    for (const layer of shown) map.set(layer.parent, [...(map.get(layer.parent) ?? []), layer]);
    return map;
  }, [layers, query]);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onMove(event) {
      if (open) dropLayers(open.session, [...event.keys].map(String), event.target);
    },
    acceptedDragTypes: ['text/plain', ADAPTER_DRAG],
    async onItemDrop({ items, target, isInternal }) {
      const group = layers.find((layer) => layer.id === target.key);
      if (isInternal || !open || !group) return;
      for (const item of items) {
        const text =
          item.kind === 'text' && item.types.has(ADAPTER_DRAG) ? await item.getText(ADAPTER_DRAG) : '';
        const adapter = readDraggedAdapter(text);
        if (adapter) bindAdapter(open.session, adapter, group);
      }
    },
    shouldAcceptItemDrop: (target) => layers.find((layer) => layer.id === target.key)?.kind === 'group',
  });
  if (!open) return null;
  // What is found is shown, whatever is closed.
  const groups = layers
    .filter((layer) => layer.kind === 'group' && (Boolean(query) || !closed.has(layer.id)))
    .map((layer) => layer.id);
  const choose = (keys: Iterable<string>): void => {
    const ids = [...keys];
    const { session } = open;
    // A finger, or a screen reader, has no modifiers: what it presses is chosen by itself.
    const pressed = by.current === 'touch' || by.current === null ? difference(ids, chosen) : [];
    by.current = null;
    const [only] = pressed.length > 0 ? pressed : ids;
    if (only !== undefined && (pressed.length > 0 || ids.length === 1)) session.chooseLayer(only);
    else session.chooseLayers(ids);
  };
  return (
    <>
      <LayerOptions />
      {query !== null && <LayerSearch query={query} found={byParent.size > 0} />}
      <div
        className="layer-keys"
        role="presentation"
        onPointerDownCapture={({ pointerType }) => {
          by.current = pointerType === 'touch' ? 'touch' : 'pointer';
        }}
        onKeyDownCapture={() => {
          by.current = 'key';
        }}
      >
        <Tree
          className="layer-list scroll"
          aria-label="Layers"
          selectionMode="multiple"
          selectionBehavior="replace"
          disallowEmptySelection
          selectedKeys={difference([...marked].map(String), chosen).length === 0 ? marked : chosen}
          onSelectionChange={(keys) => {
            if (keys === 'all') {
              choose(layers.map(({ id }) => id));
              return;
            }
            setMarked(keys);
            choose([...keys].map(String));
          }}
          expandedKeys={groups}
          onExpandedChange={(keys) => {
            const shown = new Set([...keys].map(String));
            if (query) return;
            setClosed(new Set(layers.filter((l) => l.kind === 'group' && !shown.has(l.id)).map((l) => l.id)));
          }}
          dragAndDropHooks={dragAndDropHooks}
        >
          {(byParent.get(null) ?? []).toReversed().map((layer) => (
            <LayerRow
              key={layer.id}
              layer={layer}
              session={open.session}
              byParent={byParent}
              renaming={renaming}
              onRename={rename}
            />
          ))}
        </Tree>
      </div>
    </>
  );
}
