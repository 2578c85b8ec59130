import { changeForm, useGeneration } from '../../../generation/generation-store.ts';
import { loraTag, loraTags, type LoraTag, replaceTag } from '../../../generation/lora-tags.ts';
import {
  changeOnShelf,
  LEAST_STRENGTH,
  MOST_STRENGTH,
  type ShelfAdapter,
  takeOffShelf,
} from '../../../generation/shelf-store.ts';
import type { LibraryCard } from '../../../../preload/contract/index.ts';

/** One row of the shelf, whether it was added to it or is called in the prompt. */
export interface ShelfRow {
  readonly key: string;
  readonly name: string;
  /** Null when the prompt calls an adapter that the library does not have. */
  readonly path: string | null;
  readonly strength: number;
  readonly on: boolean;
  readonly inPrompt: boolean;
  readonly setStrength: (strength: number) => void;
  readonly setOn: (on: boolean) => void;
  readonly remove: () => void;
}

/** Strengths of tags that were turned off, by name: turning one on again brings back what it had. */
const strengthsBefore = new Map<string, number>();

/** The rows of the shelf, then the adapters that the prompt calls and the shelf does not have on. */
export function shelfRows(
  adapters: readonly ShelfAdapter[],
  prompt: string,
  library: readonly LibraryCard[],
): ShelfRow[] {
  const listed = new Set(
    adapters.filter(({ on, strength }) => on && strength !== 0).map(({ path }) => stemOf(path)),
  );
  const tags = loraTags(prompt).filter(({ name }) => !listed.has(name.toLowerCase()));
  return [...adapters.map(listedRow), ...tags.map((tag, index) => taggedRow(tag, index, library))];
}

function listedRow({ path, name, strength, on }: ShelfAdapter): ShelfRow {
  return {
    key: path,
    name,
    path,
    strength,
    on,
    inPrompt: false,
    setStrength: (next) => changeOnShelf(path, { strength: next }),
    setOn: (next) => changeOnShelf(path, { on: next }),
    remove: () => takeOffShelf(path),
  };
}

function taggedRow(tag: LoraTag, index: number, library: readonly LibraryCard[]): ShelfRow {
  const wanted = tag.name.toLowerCase();
  const card =
    library.find(({ stem }) => stem.toLowerCase() === wanted) ??
    library.find(({ name }) => name.toLowerCase() === wanted);
  const write = (text: string): void => {
    const { prompt } = useGeneration.getState().form;
    // The prompt may have changed since the row was drawn.
    const now = loraTags(prompt).find(({ start, name }) => start === tag.start && name === tag.name);
    if (now) changeForm({ prompt: replaceTag(prompt, now, text) });
  };
  return {
    key: `prompt ${index} ${tag.name}`,
    name: card?.name ?? tag.name,
    path: card?.path ?? null,
    strength: Math.min(MOST_STRENGTH, Math.max(LEAST_STRENGTH, tag.strength)),
    on: tag.strength !== 0,
    inPrompt: true,
    setStrength: (next) => write(loraTag(tag.name, next)),
    setOn(on) {
      if (!on) strengthsBefore.set(tag.name, tag.strength);
      write(loraTag(tag.name, on ? (strengthsBefore.get(tag.name) ?? 1) : 0));
    },
    remove: () => write(''),
  };
}

/** The file's name without ending, in small letters, as tags are compared. */
function stemOf(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return file.replace(/\.[^.]*$/, '').toLowerCase();
}
