import {
  type Recipe,
  type RequestResult,
  type ResultSummary,
  StudioError,
} from '../../preload/contract/index.ts';
import { loraTags } from '../generation/lora-tags.ts';
import { groupLike } from '../generation/place-adapters.ts';
import { type ShelfAdapter, useShelf } from '../generation/shelf-store.ts';
import { takeRecipe } from '../generation/take-recipe.ts';
import { useLibrary } from '../state/library-store.ts';
import { tell } from '../state/status-store.ts';
import { bindAdapter } from './conditioning-edits.ts';
import type { Workspace } from './workspace.ts';

type RequestAdapter = RequestResult<'generation.request'>['request']['adapters'][number];

/** An adapter of a recipe, found on this machine. */
interface FoundAdapter {
  readonly path: string;
  readonly name: string;
  readonly strength: number;
  /** Whether it acts in a part of the picture only, and where, as far as that is known. */
  readonly part: boolean;
  readonly region: RequestAdapter['region'];
}

/**
 * Fills the panel with what a picture was made with, its adapters included: they come onto the shelf, and those that acted in a part
 * of the picture are bound to the group that has its paint there. Other adapters of the shelf are turned off, not taken away.
 *
 * @param result that the recipe is of; null where only the recipe is known, as of a layer
 */
export async function takeSettings(
  workspace: Workspace,
  recipe: Recipe,
  result: ResultSummary | null,
): Promise<void> {
  takeRecipe(recipe);
  const called = new Set(loraTags(recipe.prompt).map(({ name }) => name));
  const wanted = recipe.adapters.filter(({ name }) => !called.has(name));
  const request = result && wanted.length > 0 ? await requestOf(workspace, result.resultId) : null;
  const found = wanted.flatMap((adapter): FoundAdapter[] => {
    const card = useLibrary.getState().adapters.find(({ stem }) => stem === adapter.name);
    // A request lists its adapters in the recipe's order.
    const given = request?.adapters[recipe.adapters.indexOf(adapter)];
    const path = given?.path ?? card?.path;
    if (path === undefined) return [];
    const { strength, region } = adapter;
    return [
      { path, name: card?.name ?? adapter.name, strength, part: region !== undefined, region: given?.region },
    ];
  });
  putOnlyOnShelf(found);
  const lost = wanted.length - found.length;
  const placeless = placeFound(workspace, found, result);
  const [name] = placeless;
  if (lost > 0) {
    const which = lost === 1 ? 'An adapter' : `${lost} adapters`;
    tell({
      level: 'warn',
      message: `${which} of this picture ${lost === 1 ? 'is' : 'are'} not in the library.`,
      remedy: 'Add the folder that it is in.',
    });
  } else if (name !== undefined) {
    tell({
      level: 'info',
      message: `${name} acted in a part of the picture where no group has paint now.`,
      remedy: 'Choose where it acts, under its name.',
    });
  }
}

async function requestOf({ link }: Workspace, resultId: string) {
  try {
    return (await link.request('generation.request', { resultId })).request;
  } catch (error) {
    // Something of the picture is not here: what is left goes by the library's names.
    if (error instanceof StudioError) return null;
    throw error;
  }
}

function putOnlyOnShelf(found: readonly FoundAdapter[]): void {
  useShelf.setState(({ adapters }) => {
    const kept = adapters.map((each): ShelfAdapter => {
      const wanted = found.find(({ path }) => path === each.path);
      return wanted ? { ...each, on: true, strength: wanted.strength } : { ...each, on: false };
    });
    const fresh = found.filter(({ path }) => adapters.every((each) => each.path !== path));
    return {
      adapters: [...kept, ...fresh.map(({ path, name, strength }) => ({ path, name, strength, on: true }))],
    };
  });
}

/** Binds each to where it acted. @returns names of those for which no group was found */
function placeFound(
  { open, generator }: Workspace,
  found: readonly FoundAdapter[],
  result: ResultSummary | null,
): string[] {
  if (open === null) return [];
  const { session } = open;
  const isBound = (path: string): boolean =>
    [...session.document.layers.all()].some(({ record }) => record.words?.adapters?.includes(path));
  const placeless: string[] = [];
  for (const { path, name, part, region } of found) {
    if (!part) {
      bindAdapter(session, { path, name }, null);
      continue;
    }
    const group =
      region && result ? groupLike(session.document, generator.pictures.frameOf(result), region) : null;
    if (group) bindAdapter(session, { path, name }, group);
    else if (!isBound(path)) placeless.push(name);
  }
  return placeless;
}
