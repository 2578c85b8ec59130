import { type GalleryEntry } from '../../preload/contract/index.ts';
import { useGallery } from '../generation/gallery-store.ts';
import { changeForm } from '../generation/generation-store.ts';
import { announce } from '../state/status-store.ts';
import { explained } from './explained.ts';
import type { Workspace } from './workspace.ts';

/** Bits of 64 in which pictures that look alike may differ. */
const ALIKE = 10;

/** Puts a result back into the strip, with its settings in the panel. */
export async function lookAtResult(workspace: Workspace, resultId: string): Promise<void> {
  await explained(async () => {
    const { summary } = await workspace.link.request('generation.result', { resultId });
    const { prompt, negative, steps, guidance, seed } = summary.recipe;
    changeForm({ prompt, negative, steps, guidance, seed, seedLocked: true });
    workspace.generator.pictures.stage(summary);
  });
}

/** Shows only results that look nearly like one. */
export async function showSimilar(workspace: Workspace, entry: GalleryEntry): Promise<void> {
  await explained(async () => {
    const { raster } = await workspace.link.request('generation.result', { resultId: entry.resultId });
    const found = await workspace.link.request('gallery.similar', { raster, within: ALIKE });
    useGallery.setState({ similarTo: { entry, ids: found.map(({ resultId }) => resultId) } });
    announce(`${found.length} ${found.length === 1 ? 'picture looks' : 'pictures look'} like it.`);
  });
}
