import { type FileLayer, FormatError, MAX_DEPTH } from '../picture-file.ts';

/** A layer as the file lists it: from the top, those of a group behind it. */
export interface XcfEntry {
  readonly layer: FileLayer;
  /** Places from the top on the way to it, its own last; null for one at the top of all. */
  readonly path: readonly number[] | null;
  readonly isGroup: boolean;
  readonly isLinear: boolean;
}

/** Layers bottom to top, in their groups. @throws FormatError where they are nested too deep. */
export function layerTree(entries: readonly XcfEntry[]): FileLayer[] {
  const top: FileLayer[] = [];
  const groups = new Map<string, FileLayer[]>();
  for (const [index, { layer, path, isGroup }] of entries.entries()) {
    const own = path ?? [index];
    if (own.length > MAX_DEPTH) throw new FormatError(`Its groups are nested more than ${MAX_DEPTH} deep.`);
    const children: FileLayer[] = [];
    if (isGroup) groups.set(own.join('/'), children);
    // One whose group is missing stands at the top.
    const siblings = groups.get(own.slice(0, -1).join('/')) ?? top;
    siblings.unshift(isGroup ? { ...layer, children } : layer);
  }
  return top;
}
