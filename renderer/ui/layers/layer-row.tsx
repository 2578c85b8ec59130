import { CornerDownRight, Eye, EyeOff, Folder, Grid2x2, Lock, LockOpen } from 'lucide-react';
import { useState } from 'react';
import { Button, TreeItem, TreeItemContent } from 'react-aria-components';
import { changeLayer, toggleVisible } from '../../commands/layer-edits.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { ConditioningBadge } from './conditioning-badge.tsx';
import { RecipeCard } from './recipe-card.tsx';
import { LayerThumbnail } from './layer-thumbnail.tsx';

/** What a screen reader says of a layer. */
function spoken(layer: LayerRecord): string {
  const facts = [
    layer.name,
    layer.kind === 'paint' ? null : layer.kind,
    layer.visible ? 'visible' : 'hidden',
    layer.clipped ? 'clipped' : null,
    layer.locked ? 'locked' : null,
    layer.alphaLocked ? 'transparency locked' : null,
    layer.opacity < 1 ? `${Math.round(layer.opacity * 100)} percent` : null,
  ];
  return facts.filter((fact) => fact !== null).join(', ');
}

function NameField({
  layer,
  session,
  onDone,
}: {
  layer: LayerRecord;
  session: DocumentSession;
  onDone: () => void;
}) {
  const [name, setName] = useState(layer.name);
  const finish = (keep: boolean): void => {
    onDone();
    const trimmed = name.trim().slice(0, 256);
    if (keep && trimmed !== '' && trimmed !== layer.name) {
      changeLayer(session, layer.id, `Rename to ${trimmed}`.slice(0, 200), { name: trimmed });
    }
  };
  return (
    <input
      className="input name-input"
      aria-label="Layer name"
      value={name}
      // The field appears because the person asked to type here.
      ref={(field) => field?.select()}
      onChange={(event) => setName(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') finish(true);
        if (event.key === 'Escape') finish(false);
      }}
    />
  );
}

interface LayerRowProps {
  readonly layer: LayerRecord;
  readonly session: DocumentSession;
  readonly byParent: ReadonlyMap<string | null, readonly LayerRecord[]>;
  readonly renaming: string | null;
  readonly onRename: (id: string | null) => void;
}

/** One layer: eye, thumbnail (the handle for dragging), name, badges, lock. */
export function LayerRow({ layer, session, byParent, renaming, onRename }: LayerRowProps) {
  const children = byParent.get(layer.id) ?? [];
  const EyeIcon = layer.visible ? Eye : EyeOff;
  const LockIcon = layer.locked ? Lock : LockOpen;
  const lockLabel = layer.locked ? `Unlock ${layer.name}` : `Lock ${layer.name}`;
  return (
    <TreeItem className="layer-row" id={layer.id} textValue={spoken(layer)}>
      <TreeItemContent>
        {() => (
          <>
            <Button
              className="button quiet icon-button"
              aria-label={layer.visible ? `Hide ${layer.name}` : `Show ${layer.name}`}
              onPress={() => toggleVisible(session, layer)}
            >
              <EyeIcon size={16} strokeWidth={1.75} aria-hidden />
            </Button>
            {layer.clipped && (
              <CornerDownRight className="clip-arrow" size={16} strokeWidth={1.75} aria-hidden />
            )}
            <Button slot="drag" className="drag-handle" aria-label={`Move ${layer.name}`}>
              {layer.kind === 'group' ? (
                <Folder size={20} strokeWidth={1.75} aria-hidden />
              ) : (
                <LayerThumbnail layerId={layer.id} />
              )}
            </Button>
            {renaming === layer.id ? (
              <NameField layer={layer} session={session} onDone={() => onRename(null)} />
            ) : (
              <span className="grow ellipsis" onDoubleClick={() => onRename(layer.id)}>
                {layer.name}
              </span>
            )}
            {layer.kind === 'generated' && <RecipeCard layer={layer} />}
            <ConditioningBadge layer={layer} session={session} />
            {layer.alphaLocked && (
              <span className="badge" title="Transparency locked">
                <Grid2x2 size={16} strokeWidth={1.75} aria-hidden />
              </span>
            )}
            <Button
              className="button quiet icon-button"
              aria-label={lockLabel}
              onPress={() =>
                changeLayer(session, layer.id, lockLabel.slice(0, 200), { locked: !layer.locked })
              }
            >
              <LockIcon size={16} strokeWidth={1.75} aria-hidden className={layer.locked ? '' : 'faint'} />
            </Button>
          </>
        )}
      </TreeItemContent>
      {children.toReversed().map((child) => (
        <LayerRow
          key={child.id}
          layer={child}
          session={session}
          byParent={byParent}
          renaming={renaming}
          onRename={onRename}
        />
      ))}
    </TreeItem>
  );
}
