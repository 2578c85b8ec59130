import { create } from 'zustand';
import type { RequestResult } from '../../preload/contract/index.ts';

type Kept = RequestResult<'generation.kept'>;
type Tree = RequestResult<'gallery.tree'>;

/** What is known of the result that is looked at: where it can be forked, and what it comes from. */
interface VariationState {
  resultId: string | null;
  kept: Kept | null;
  tree: Tree;
  /** The step that the scrubber stands on. */
  step: number;
  /** Whether variations keep what lies outside the selection, while there is one. */
  insideSelection: boolean;
}

/** The result whose variations are shown. */
export const useVariations = create<VariationState>()(() => ({
  resultId: null,
  kept: null,
  tree: [],
  step: 0,
  insideSelection: true,
}));

/** A node of a drawn tree. */
export interface PlacedNode {
  readonly node: Tree[number];
  readonly column: number;
  readonly row: number;
}

/** Places a tree: parents above their children, each child below its parent or right of its elder siblings. */
export function placeTree(tree: Tree): PlacedNode[] {
  const children = new Map<string | null, Tree[number][]>();
  const known = new Set(tree.map(({ resultId }) => resultId));
  for (const node of tree) {
    const parent = node.parent !== null && known.has(node.parent) ? node.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const placed: PlacedNode[] = [];
  let column = 0;
  const place = (node: Tree[number], row: number): void => {
    placed.push({ node, column, row });
    const below = children.get(node.resultId) ?? [];
    for (const [index, child] of below.entries()) {
      if (index > 0) column += 1;
      place(child, row + 1);
    }
  };
  for (const [index, root] of (children.get(null) ?? []).entries()) {
    if (index > 0) column += 1;
    place(root, 0);
  }
  return placed;
}
