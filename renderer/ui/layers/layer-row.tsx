import {
  Blend,
  Contrast,
  CornerDownRight,
  Folder,
  Grid2x2,
  Lock,
  LockOpen,
  SlidersHorizontal,
  Type,
} from 'lucide-react';
import { memo } from 'react';
import { Button, Tooltip, TooltipTrigger, TreeItem, TreeItemContent } from 'react-aria-components';
import { changeLayer } from '../../commands/layer-edits.ts';
import { editLayerText } from '../../commands/text-edits.ts';
import { selectLayer } from '../../commands/select-layer.ts';
import type { SelectionMode } from '../../engine/selection/combine.ts';
import { holdsPixels, type LayerRecord } from '../../engine/layers/layer-record.ts';
import type { PlaneName } from '../../engine/layers/layer.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { ConditioningBadge } from './conditioning-badge.tsx';
import { useDocument } from '../../state/document/document-store.ts';
import { useLayout } from '../../state/layout-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { EyeButton } from './eye-button.tsx';
import { LayerThumbnail } from './layer-thumbnail.tsx';
import { NameField } from './name-field.tsx';
import { RecipeCard } from './recipe-card.tsx';
import { RowMenu } from './row-menu.tsx';

/** What a screen reader says of a layer. */
function spoken(layer: LayerRecord): string {
  const facts = [
    layer.name,
    layer.text ? 'text' : layer.kind === 'paint' ? null : layer.kind,
    layer.visible ? 'visible' : 'hidden',
    layer.clipped ? 'clipped' : null,
    layer.mask ? (layer.mask.enabled ? 'masked' : 'mask disabled') : null,
    layer.locked ? 'locked' : null,
    layer.alphaLocked ? 'transparency locked' : null,
    layer.label ? `label ${layer.label}` : null,
    layer.opacity < 1 ? `${Math.round(layer.opacity * 100)} percent` : null,
  ];
  return facts.filter((fact) => fact !== null).join(', ');
}

interface LayerRowProps {
  readonly layer: LayerRecord;
  readonly session: DocumentSession;
  readonly byParent: ReadonlyMap<string | null, readonly LayerRecord[]>;
  readonly renaming: string | null;
  readonly onRename: (id: string | null) => void;
}

/** The ring says what is painted on: the layer, or its mask. */
function useTarget(layer: LayerRecord): PlaneName | null {
  const active = useDocument((state) => state.activeLayerId === layer.id);
  const plane = useDocument((state) => state.activePlane);
  if (!active || (!layer.mask && plane === 'pixels')) return null;
  return plane;
}

/** Shift adds, Alt subtracts, both intersect. */
function joinMode({ shiftKey, altKey }: React.PointerEvent): SelectionMode {
  return shiftKey && altKey ? 'intersect' : altKey ? 'subtract' : shiftKey ? 'add' : 'replace';
}

/** A layer's own picture, which is also what it is dragged by. */
function OwnPicture({ layer, session, ringed }: RowPart & { readonly ringed: boolean }) {
  const icon = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const;
  const effect = layer.kind === 'adjustment' || layer.kind === 'fill';
  return (
    <span
      className="own-picture"
      onPointerDown={(event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        // The row would be chosen.
        event.stopPropagation();
        selectLayer(session, layer.id, joinMode(event));
      }}
    >
      <Button
        slot="drag"
        className="drag-handle"
        data-target={ringed}
        aria-label={`Move ${layer.name}`}
        onPress={({ shiftKey }) => {
          if (shiftKey) session.chooseLayers([...session.chosenLayerIds, layer.id]);
          else session.choosePlane(layer.id, 'pixels');
        }}
      >
        {layer.kind === 'group' && <Folder {...icon} />}
        {layer.kind === 'fill' && <Blend {...icon} />}
        {layer.kind === 'adjustment' && <Contrast {...icon} />}
        {holdsPixels(layer.kind) && <LayerThumbnail layerId={layer.id} />}
      </Button>
      {effect && (
        <IconButton
          icon={SlidersHorizontal}
          label={`Settings of ${layer.name}`}
          size={16}
          onPress={() => {
            session.chooseLayer(layer.id);
            useLayout.setState({ editedLayerId: layer.id });
          }}
        />
      )}
      {layer.text && (
        <IconButton
          icon={Type}
          label={`Edit text of ${layer.name}`}
          size={16}
          onPress={() => editLayerText(session, layer.id)}
        />
      )}
    </span>
  );
}

interface RowPart {
  readonly layer: LayerRecord;
  readonly session: DocumentSession;
}

function MaskPicture({ layer, session, ringed }: RowPart & { readonly ringed: boolean }) {
  if (!layer.mask) return null;
  const label = `Paint the mask of ${layer.name}`;
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <Button
        className="mask-handle"
        data-target={ringed}
        data-disabled-mask={!layer.mask.enabled}
        aria-label={label}
        aria-pressed={ringed}
        onPress={() => session.choosePlane(layer.id, ringed && holdsPixels(layer.kind) ? 'pixels' : 'mask')}
      >
        <LayerThumbnail layerId={layer.id} plane="mask" />
      </Button>
      <Tooltip className="tooltip" offset={4}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}

function LockButton({ layer, session }: RowPart) {
  const Icon = layer.locked ? Lock : LockOpen;
  const label = layer.locked ? `Unlock ${layer.name}` : `Lock ${layer.name}`;
  return (
    <Button
      className="button quiet icon-button"
      aria-label={label}
      onPress={() => changeLayer(session, layer.id, label.slice(0, 200), { locked: !layer.locked })}
    >
      {/* Filled is on: the two outlines differ by a few pixels only. */}
      <Icon
        size={16}
        strokeWidth={1.75}
        fill={layer.locked ? 'currentColor' : 'none'}
        aria-hidden
        className={layer.locked ? '' : 'faint'}
      />
    </Button>
  );
}

/** The gap under a row: Alt-click clips the layer to the one below, or releases it. Keys and menu do the same. */
function ClipGap({ layer, session }: RowPart) {
  return (
    <span
      className="clip-gap"
      aria-hidden
      onPointerDownCapture={(event) => {
        if (!event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        const label = layer.clipped ? 'Release clipping' : 'Clip to below';
        changeLayer(session, layer.id, label, { clipped: !layer.clipped });
      }}
    />
  );
}

/** True for the layer that those above it are clipped to. */
function isBase(layer: LayerRecord, siblings: readonly LayerRecord[]): boolean {
  return !layer.clipped && siblings[siblings.indexOf(layer) + 1]?.clipped === true;
}

interface RowContentProps extends RowPart {
  /** What of the layer is painted on, if it is this one. */
  readonly target: PlaneName | null;
  /** Those above are clipped to it. */
  readonly base: boolean;
  readonly renamed: boolean;
  readonly onRename: (id: string | null) => void;
}

/** What a row shows, made anew only when something of its own layer changes: a document has hundreds. */
const RowContent = memo(function RowContent(props: RowContentProps) {
  const { layer, session, target, base, renamed, onRename } = props;
  return (
    <>
      {layer.label && (
        <span className="layer-label" data-label={layer.label} title={`Label: ${layer.label}`} />
      )}
      <EyeButton layer={layer} session={session} />
      {layer.clipped && <CornerDownRight className="clip-arrow" size={16} strokeWidth={1.75} aria-hidden />}
      <OwnPicture layer={layer} session={session} ringed={target === 'pixels'} />
      <MaskPicture layer={layer} session={session} ringed={target === 'mask'} />
      {renamed ? (
        <NameField layer={layer} session={session} onDone={() => onRename(null)} />
      ) : (
        <span
          className={`grow ellipsis ${base ? 'clip-base' : ''}`}
          title={layer.name}
          onDoubleClick={() => onRename(layer.id)}
        >
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
      <LockButton layer={layer} session={session} />
      <RowMenu layer={layer} session={session} />
      <ClipGap layer={layer} session={session} />
    </>
  );
});

/** One layer: eye, picture (the handle for dragging), mask, name, badges, lock, menu. */
export function LayerRow({ layer, session, byParent, renaming, onRename }: LayerRowProps) {
  const children = byParent.get(layer.id) ?? [];
  const target = useTarget(layer);
  const active = useDocument((state) => state.activeLayerId === layer.id);
  const base = isBase(layer, byParent.get(layer.parent) ?? []);
  return (
    <TreeItem
      className="layer-row"
      id={layer.id}
      textValue={spoken(layer)}
      data-clipped={layer.clipped}
      data-active={active}
    >
      <TreeItemContent>
        {() => (
          <RowContent
            layer={layer}
            session={session}
            target={target}
            base={base}
            renamed={renaming === layer.id}
            onRename={onRename}
          />
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
