import { Copy, FolderPlus, Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Tree, useDragAndDrop } from 'react-aria-components';
import { addLayer, deleteLayer, duplicateLayer, groupActive } from '../../commands/layer-edits.ts';
import { bindAdapter } from '../../commands/conditioning-edits.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { ADAPTER_DRAG, readDraggedAdapter } from '../adapter-drag.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useLayout } from '../../state/layout-store.ts';
import { useOpenDocument } from '../workspace-context.tsx';
import { dropLayers } from './drop-layers.ts';
import { LayerOptions } from './layer-options.tsx';
import { LayerRow } from './layer-row.tsx';
import { NewEffectMenu } from './new-effect-menu.tsx';

/** Buttons of the panel's header. */
export function LayerActions() {
  const open = useOpenDocument();
  const activeId = useDocument((state) => state.activeLayerId);
  if (!open) return null;
  const { session } = open;
  const withActive = (act: (id: string) => void) => (): void => {
    if (activeId !== null) act(activeId);
  };
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
        onPress={() => groupActive(session)}
      />
      <IconButton
        icon={Copy}
        label="Duplicate layer"
        command="layer.duplicate"
        size={16}
        isDisabled={activeId === null}
        onPress={withActive((id) => duplicateLayer(session, id))}
      />
      <IconButton
        icon={Trash2}
        label="Delete layer"
        command="layer.delete"
        size={16}
        isDisabled={activeId === null}
        onPress={withActive((id) => deleteLayer(session, id))}
      />
    </>
  );
}

/** All layers, top first; drag or keys reorder. */
export function LayerList() {
  const open = useOpenDocument();
  const layers = useDocument((state) => state.layers);
  const activeId = useDocument((state) => state.activeLayerId);
  const renaming = useLayout((state) => state.renamedLayerId);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const byParent = useMemo(() => {
    const map = new Map<string | null, LayerRecord[]>();
    for (const layer of layers) map.set(layer.parent, [...(map.get(layer.parent) ?? []), layer]);
    return map;
  }, [layers]);
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
  const groups = layers
    .filter((layer) => layer.kind === 'group' && !closed.has(layer.id))
    .map((layer) => layer.id);
  return (
    <>
      <LayerOptions />
      <div className="layer-keys">
        <Tree
          className="layer-list scroll"
          aria-label="Layers"
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection
          selectedKeys={activeId === null ? [] : [activeId]}
          onSelectionChange={(keys) => {
            const [key] = keys === 'all' ? [] : [...keys];
            if (key !== undefined) open.session.chooseLayer(String(key));
          }}
          expandedKeys={groups}
          onExpandedChange={(keys) => {
            const shown = new Set([...keys].map(String));
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
              onRename={(id) => useLayout.setState({ renamedLayerId: id })}
            />
          ))}
        </Tree>
      </div>
    </>
  );
}
