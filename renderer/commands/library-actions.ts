import type { LibraryCard } from '../../preload/contract/index.ts';
import { changeForm, useGeneration } from '../generation/generation-store.ts';
import { explain, readLibrary } from '../generation/library-watch.ts';
import { addToShelf } from '../generation/shelf-store.ts';
import { inspectionKey, useLibrary } from '../state/library-store.ts';
import { tell } from '../state/status-store.ts';
import type { StudioLink } from '../state/studio-link.ts';

/** Takes a folder into the library. @returns false when that failed; why is on the page */
export async function addFolder(link: StudioLink, path: string): Promise<boolean> {
  return attempt(async () => {
    await link.request('library.add-folder', { path });
    await readLibrary(link);
  });
}

/** Forgets a folder; what was on the shelf stays there. */
export async function removeFolder(link: StudioLink, path: string): Promise<boolean> {
  return attempt(async () => {
    await link.request('library.remove-folder', { path });
    await readLibrary(link);
    tell({
      level: 'info',
      message: `The library no longer looks into ${path}. Its files are untouched.`,
      remedy: '',
      action: { label: 'Undo', run: () => void addFolder(link, path) },
    });
  });
}

/** Looks through all folders again. */
export async function rescan(link: StudioLink): Promise<boolean> {
  return attempt(() => link.request('library.rescan', {}));
}

/** Paints with another model from now on, at its own size and settings. */
export function paintWith(modelId: string): void {
  const model = useGeneration.getState().models.find((each) => each.id === modelId);
  if (!model) return;
  changeForm({ modelId, ...model.defaults, width: model.nativeWidth, height: model.nativeHeight });
  tell({ level: 'info', message: `Painting with ${model.name}.`, remedy: '' });
}

/** Puts an adapter of the library on the shelf. */
export function putOnShelf({ path, name }: Pick<LibraryCard, 'path' | 'name'>): void {
  if (addToShelf(path, name)) return;
  tell({ level: 'warn', message: `The shelf is full; ${name} was not added.`, remedy: 'Take one off.' });
}

/** Writes a word at the end of the prompt, if it is not in it. */
export function addTriggerWord(word: string): void {
  const { prompt } = useGeneration.getState().form;
  if (prompt.toLowerCase().includes(word.toLowerCase())) return;
  changeForm({ prompt: prompt.trim() === '' ? word : `${prompt.trimEnd()}, ${word}` });
}

/** Reads a file against the chosen model and keeps what it says; asks once for each pair. */
export async function inspect(link: StudioLink, modelId: string, path: string): Promise<void> {
  const key = inspectionKey(modelId, path);
  if (useLibrary.getState().inspections[key] !== undefined) return;
  await attempt(async () => {
    const inspection = await link.request('library.inspect', { path, modelId });
    useLibrary.setState((state) => ({ inspections: { ...state.inspections, [key]: inspection } }));
  });
}

/** Puts any adapter file on the shelf. @returns why not, or null when it is there */
export async function addAdapterFile(link: StudioLink, path: string): Promise<string | null> {
  let refusal: string | null = null;
  const asked = await attempt(async () => {
    const { card } = await link.request('library.inspect', { path, modelId: null });
    if (card.kind === 'adapter') putOnShelf(card);
    else
      refusal = card.problem ?? `${card.name} is no adapter: it is a ${card.kind ?? 'file'}. Choose another.`;
  });
  return asked ? refusal : (useLibrary.getState().error?.message ?? null);
}

async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    useLibrary.setState({ error: null });
    await act();
    return true;
  } catch (error) {
    explain(error);
    return false;
  }
}
