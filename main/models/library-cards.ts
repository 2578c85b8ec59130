import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { ModelError } from '../../native-models/errors.ts';
import type { AdapterCard, LibraryCard } from '../../preload/contract/index.ts';
import { describeFile } from './describe-file.ts';
import { familyBadge } from './family-badge.ts';
import type { LibraryModel, ModelLibrary, ScannedFile } from './model-library.ts';

/** A scanned file as the page shows it. */
export function libraryCard(library: Pick<ModelLibrary, 'idOf'>, scanned: ScannedFile): LibraryCard {
  const { path, bytes, description, problem } = scanned;
  const stem = basename(path, extname(path));
  const base = { path, stem, bytes, problem };
  if (description === null) {
    return { ...base, name: stem, kind: null, family: null, triggerWords: [], details: [], modelId: null };
  }
  const { name, kind, family, triggerWords, details } = description;
  return {
    ...base,
    name,
    kind,
    family: familyBadge(family),
    triggerWords: [...triggerWords],
    details: [...details],
    modelId: kind === 'checkpoint' ? library.idOf(path) : null,
  };
}

/** What any file is, in the library or not; what cannot be used says why on its card. */
export async function inspectFile(library: Pick<ModelLibrary, 'idOf'>, path: string): Promise<LibraryCard> {
  try {
    const description = await describeFile(path);
    return libraryCard(library, { path, folder: '', bytes: description.bytes, description, problem: null });
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const bytes = (await stat(path).catch(() => null))?.size ?? 0;
    const problem = `${error.message} ${error.remedy}`;
    return libraryCard(library, { path, folder: '', bytes, description: null, problem });
  }
}

const ORDER = { fits: 0, unknown: 1, 'other-family': 2 } as const;

/**
 * Adapters of the library beside a model, those that probably fit first, then by name. The family decides where it
 * can be told: reading the keys of hundreds of files would keep a person waiting. Where it cannot, the keys do.
 */
export async function adaptersFor(
  library: Pick<ModelLibrary, 'files' | 'idOf' | 'fitAdapter'>,
  model: LibraryModel,
): Promise<AdapterCard[]> {
  const cards: AdapterCard[] = [];
  for (const scanned of library.files()) {
    const card = libraryCard(library, scanned);
    if (card.kind === 'adapter') cards.push({ ...card, likely: await likely(library, model, card) });
  }
  return cards.toSorted((a, b) => ORDER[a.likely] - ORDER[b.likely] || (a.name < b.name ? -1 : 1));
}

async function likely(
  library: Pick<ModelLibrary, 'fitAdapter'>,
  model: LibraryModel,
  { path, family }: LibraryCard,
): Promise<AdapterCard['likely']> {
  if (family !== null && !model.card.embedded) {
    return family === model.card.family ? 'fits' : 'other-family';
  }
  // A drive may be gone, or a file broken since it was scanned: the shelf says so when it is chosen.
  const fit = await library.fitAdapter(model, path).catch((error: unknown) => {
    if (error instanceof ModelError) return null;
    throw error;
  });
  if (fit === null) return 'unknown';
  return fit.fits ? 'fits' : 'other-family';
}
