import { Brush, Check, ChevronDown, ChevronLeft, ChevronRight, Images, X } from 'lucide-react';
import { Button, ListBox, ListBoxItem } from 'react-aria-components';
import {
  acceptChosen,
  foldStrip,
  rejectChosen,
  stepResult,
  unfoldStrip,
} from '../../commands/accept-result.ts';
import { acceptPart } from '../../commands/accept-part.ts';
import { chosenResult, type StripItem, useGeneration } from '../../generation/generation-store.ts';
import { secondsText } from '../../generation/verb.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';
import { Compare } from './compare.tsx';
import { ResultThumbnail } from './raster-thumbnail.tsx';

function itemName(item: StripItem, index: number): string {
  if (item.kind === 'ended') return `${item.state} at step ${item.step}`;
  return `Result ${index + 1}: ${item.summary.recipe.prompt || 'no prompt'}, seed ${item.summary.recipe.seed}`;
}

function EndedThumb({ item }: { item: Extract<StripItem, { kind: 'ended' }> }) {
  return (
    <div className="ended" title={`${item.message} ${item.remedy}`}>
      <strong>{item.state === 'cancelled' ? '■ Cancelled' : '✕ Stopped'}</strong>
      <span>{item.step > 0 ? `at step ${item.step}` : 'before the first step'}</span>
    </div>
  );
}

/** Pictures that wait under the canvas, newest left. It locks nothing: painting and undo go on. */
export function Strip() {
  const { workspace } = useRoom();
  const strip = useGeneration((state) => state.strip);
  const open = useGeneration((state) => state.stripOpen);
  const unseen = useGeneration((state) => state.unseen);
  const chosenId = useGeneration((state) => state.chosenId);
  const chosen = useGeneration(chosenResult);
  if (strip.length === 0) return null;
  if (!open) {
    return (
      <Button className="button strip-chip" data-testid="strip-chip" onPress={() => unfoldStrip(workspace)}>
        <Images size={16} strokeWidth={1.75} aria-hidden />
        {strip.length} waiting{unseen > 0 ? `, ${unseen} new` : ''}
      </Button>
    );
  }
  const onKey = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter' && chosen) void acceptChosen(workspace);
    else if (event.key === 'Delete') rejectChosen(workspace);
    else if (event.key === 'Escape') foldStrip(workspace);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section className="strip" data-testid="strip" aria-label="Pictures that wait" data-region="strip">
      <div className="strip-keys" role="presentation" onKeyDownCapture={onKey}>
        <ListBox
          className="strip-list"
          aria-label="Results, newest first"
          orientation="horizontal"
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection
          selectedKeys={chosenId === null ? [] : [chosenId]}
          onSelectionChange={(keys) => {
            const [id] = keys === 'all' ? [] : [...keys];
            void workspace.generator.pictures.choose(id === undefined ? null : String(id));
          }}
        >
          {strip.map((item, index) => (
            <ListBoxItem
              className="strip-item"
              id={item.id}
              key={item.id}
              textValue={itemName(item, index)}
              aria-label={itemName(item, index)}
            >
              {item.kind === 'result' ? <ResultThumbnail resultId={item.id} /> : <EndedThumb item={item} />}
            </ListBoxItem>
          ))}
        </ListBox>
      </div>
      <div className="strip-actions">
        {unseen > 0 && <span className="caption">● {unseen} new</span>}
        {chosen && (
          <span className="caption dim">
            seed {chosen.recipe.seed} · {secondsText(chosen.seconds)}
          </span>
        )}
        <IconButton
          icon={ChevronLeft}
          label="Newer result"
          command="generation.previous"
          onPress={() => stepResult(workspace, -1)}
        />
        <IconButton
          icon={ChevronRight}
          label="Older result"
          command="generation.next"
          onPress={() => stepResult(workspace, 1)}
        />
        {chosen && <Compare />}
        <Button
          className="button"
          isDisabled={!chosen}
          onPress={() => void acceptPart(workspace)}
          aria-keyshortcuts="P"
        >
          <Brush size={16} strokeWidth={1.75} aria-hidden />
          Part
        </Button>
        <Button
          className="button primary"
          isDisabled={!chosen}
          onPress={() => void acceptChosen(workspace)}
          aria-keyshortcuts="A"
        >
          <Check size={16} strokeWidth={1.75} aria-hidden />
          Accept
        </Button>
        <Button className="button" isDisabled={chosenId === null} onPress={() => rejectChosen(workspace)}>
          <X size={16} strokeWidth={1.75} aria-hidden />
          Reject
        </Button>
        <IconButton icon={ChevronDown} label="Fold the strip" onPress={() => foldStrip(workspace)} />
      </div>
    </section>
  );
}
