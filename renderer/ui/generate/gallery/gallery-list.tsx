import { useMemo, useRef } from 'react';
import { Button, GridLayout, ListBox, ListBoxItem, Size, Virtualizer } from 'react-aria-components';
import { lookAtResult, showSimilar } from '../../../commands/gallery-actions.ts';
import { galleryDays, shownEntries, useGallery } from '../../../generation/gallery-store.ts';
import { useRoom } from '../../workspace-context.tsx';
import { DateRail } from './date-rail.tsx';
import { GalleryThumbnail } from '../raster-thumbnail.tsx';

const CELL = 80;
const GAP = 8;
const LAYOUT = {
  minItemSize: new Size(CELL, CELL),
  maxItemSize: new Size(CELL, CELL),
  minSpace: new Size(GAP, GAP),
};

/** Every result, accepted or not, newest first; choosing one puts it back into the strip with its settings. */
export function GalleryList() {
  const { workspace } = useRoom();
  const state = useGallery();
  const shown = useMemo(() => shownEntries(state), [state]);
  const days = useMemo(() => galleryDays(shown), [shown]);
  const list = useRef<HTMLDivElement>(null);
  if (state.entries.length === 0) return <p className="empty">Pictures appear here as they are made</p>;
  return (
    <div className="gallery-room">
      {state.similarTo !== null && (
        <div className="gallery-filter">
          <span className="grow ellipsis">Like “{state.similarTo.entry.prompt || 'no prompt'}”</span>
          <Button className="button" onPress={() => useGallery.setState({ similarTo: null })}>
            Show all
          </Button>
        </div>
      )}
      {state.similarTo === null && days.length > 1 && (
        <DateRail
          days={days}
          onGo={({ index }) => {
            const element = list.current;
            if (!element) return;
            const columns = Math.max(1, Math.floor((element.clientWidth - GAP) / (CELL + GAP)));
            element.scrollTop = Math.floor(index / columns) * (CELL + GAP);
          }}
        />
      )}
      <Virtualizer layout={GridLayout} layoutOptions={LAYOUT}>
        <ListBox
          ref={list}
          className="gallery scroll"
          aria-label="Gallery"
          layout="grid"
          items={shown}
          onAction={(id) => void lookAtResult(workspace, String(id))}
        >
          {(entry) => (
            <ListBoxItem
              className="strip-item"
              id={entry.resultId}
              textValue={`${entry.prompt || 'no prompt'}, seed ${entry.seed}`}
              aria-label={`${entry.prompt || 'no prompt'}, seed ${entry.seed}`}
              onKeyDown={(event) => {
                if (event.key.toLowerCase() === 's') void showSimilar(workspace, entry);
              }}
              onContextMenu={(event) => {
                event.preventDefault();
                void showSimilar(workspace, entry);
              }}
            >
              <GalleryThumbnail resultId={entry.resultId} />
            </ListBoxItem>
          )}
        </ListBox>
      </Virtualizer>
      <p className="caption dim">Enter uses its settings · S or right-click shows what looks like it</p>
    </div>
  );
}
