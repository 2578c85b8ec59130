import { StudioError } from '../../preload/contract/index.ts';
import { type CardFilter, useLibrary } from '../state/library-store.ts';
import type { StudioLink } from '../state/studio-link.ts';
import { useGeneration } from './generation-store.ts';

/** While a scan goes on, cards are read again this often at most, in ms. */
const READ_EVERY = 1000;

/** Reads folders and cards again. @throws StudioError when the link is down */
export async function readLibrary(link: StudioLink): Promise<void> {
  const [{ folders, scanning }, files] = await Promise.all([
    link.request('library.folders', {}),
    link.request('library.files', {}),
  ]);
  useLibrary.setState({ folders, scanning, files });
}

/** Shows the library page and brings it up to date. */
export function openLibrary(link: StudioLink, filter: CardFilter = 'all', search = ''): void {
  useLibrary.setState({ open: true, filter, search, error: null });
  const known = async (): Promise<void> => {
    const knownFolders = await link.request('library.known-folders', {});
    useLibrary.setState({ knownFolders });
  };
  Promise.all([readLibrary(link), known()]).catch(explain);
}

/** Says in the library page why something did not work. @throws whatever is a bug rather than an expected failure */
export function explain(error: unknown): void {
  if (!(error instanceof StudioError)) throw error;
  useLibrary.setState({ error: { message: error.message, remedy: error.remedy } });
}

/** Keeps adapters, models and cards true to the files and to the chosen model. */
export function watchLibrary(link: StudioLink): void {
  let readAt = 0;
  const readAdapters = async (): Promise<void> => {
    const { modelId } = useGeneration.getState().form;
    if (modelId === '') return;
    const adapters = await link.request('library.adapters', { modelId });
    if (useGeneration.getState().form.modelId !== modelId) return;
    useLibrary.setState({ adapters, adaptersOf: modelId });
  };
  const readAgain = async (): Promise<void> => {
    // Files may be others than they were under the same names.
    useLibrary.setState({ inspections: {} });
    const models = await link.request('models.list', {});
    useGeneration.setState({ models });
    await Promise.all([readAdapters(), useLibrary.getState().open ? readLibrary(link) : undefined]);
  };
  link.subscribe((event) => {
    if (event.name !== 'library.changed') return;
    const { scanning, found } = event.payload;
    useLibrary.setState({ scanning, found });
    if (!scanning) readAgain().catch(explain);
    else if (useLibrary.getState().open && Date.now() - readAt > READ_EVERY) {
      readAt = Date.now();
      readLibrary(link).catch(explain);
    }
  });
  useGeneration.subscribe((state, before) => {
    if (state.form.modelId !== before.form.modelId) readAdapters().catch(explain);
  });
  readAdapters().catch(explain);
}
