import { create } from 'zustand';
import type { GenerationRequest } from '../../preload/contract/index.ts';

/** An adapter on the shelf; its file stays where it is. */
export interface ShelfAdapter {
  readonly path: string;
  readonly name: string;
  /** −1 … 2; 1 is the strength that it was trained at. */
  readonly strength: number;
  readonly on: boolean;
}

/** The adapters beside the model, in the order in which they were added; survives a restart. */
interface ShelfState {
  adapters: readonly ShelfAdapter[];
}

/** Range of the strength slider. */
export const LEAST_STRENGTH = -1;
export const MOST_STRENGTH = 2;
/** Adapters that one request takes. */
const MOST_ADAPTERS = 32;

/** The shelf. */
export const useShelf = create<ShelfState>()(() => ({ adapters: [] }));

/** Puts a file on the shelf; one that is there already is turned on. @returns false when the shelf is full */
export function addToShelf(path: string, name: string): boolean {
  const { adapters } = useShelf.getState();
  if (adapters.some((each) => each.path === path)) changeOnShelf(path, { on: true });
  else if (adapters.length >= MOST_ADAPTERS) return false;
  else useShelf.setState({ adapters: [...adapters, { path, name, strength: 1, on: true }] });
  return true;
}

/** Changes an adapter's strength, or turns it on or off. */
export function changeOnShelf(path: string, change: Partial<Pick<ShelfAdapter, 'strength' | 'on'>>): void {
  useShelf.setState(({ adapters }) => ({
    adapters: adapters.map((each) => (each.path === path ? { ...each, ...change } : each)),
  }));
}

/** Takes an adapter off the shelf. */
export function takeOffShelf(path: string): void {
  useShelf.setState(({ adapters }) => ({ adapters: adapters.filter((each) => each.path !== path) }));
}

/** What a request carries: strength 0 is the same as none, to the bit, and costs nothing. */
export function activeAdapters({ adapters }: ShelfState): GenerationRequest['adapters'] {
  return adapters
    .filter(({ on, strength }) => on && strength !== 0)
    .map(({ path, strength }) => ({ path, strength }));
}
