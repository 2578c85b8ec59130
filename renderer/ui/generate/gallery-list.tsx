import { ListBox, ListBoxItem } from 'react-aria-components';
import { changeForm, useGeneration } from '../../generation/generation-store.ts';
import { useRoom } from '../workspace-context.tsx';
import { ResultThumbnail } from './result-thumbnail.tsx';

/** Every result, accepted or not, newest first; choosing one puts it back into the strip with its settings. */
export function GalleryList() {
  const { workspace } = useRoom();
  const gallery = useGeneration((state) => state.gallery);
  if (gallery.length === 0) return <p className="empty">Pictures appear here as they are made</p>;
  return (
    <ListBox
      className="gallery scroll"
      aria-label="Gallery"
      layout="grid"
      onAction={(id) => {
        const summary = gallery.find((each) => each.resultId === id);
        if (!summary) return;
        const { prompt, negative, steps, guidance, seed } = summary.recipe;
        changeForm({ prompt, negative, steps, guidance, seed, seedLocked: true });
        workspace.generator.stage(summary);
      }}
    >
      {gallery.map((summary) => (
        <ListBoxItem
          className="strip-item"
          id={summary.resultId}
          key={summary.resultId}
          textValue={`${summary.recipe.prompt}, seed ${summary.recipe.seed}`}
          aria-label={`${summary.recipe.prompt}, seed ${summary.recipe.seed}`}
        >
          <ResultThumbnail resultId={summary.resultId} />
        </ListBoxItem>
      ))}
    </ListBox>
  );
}
