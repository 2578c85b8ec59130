import type { ColourSpace } from '../engine/document-format.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useProof } from '../state/proof-store.ts';
import { proofMap, type ShownThrough } from './proof-map.ts';

/** What stands between the picture and the screen: the press whose colours are proofed, or the document's own profile. */
export function shownThrough(): ShownThrough | null {
  const { table, warn } = useProof.getState();
  return table ? proofMap(table, warn) : ownColours();
}

let last: { readonly own: object; readonly through: ShownThrough } | null = null;

/** What the document's own profile makes of its numbers; null where they are shown as they are. */
export function ownColours(): ShownThrough | null {
  const { own } = useProof.getState();
  if (!own) return null;
  if (last?.own !== own) last = { own, through: proofMap(own, false) };
  return last.through;
}

/** Calls back when what pixels are shown through changes; returns how to stop. */
export function onShownThrough(changed: () => void): () => void {
  return useProof.subscribe((state, before) => {
    if (state.table !== before.table || state.own !== before.own || state.warn !== before.warn) changed();
  });
}

/**
 * How a colour of the open document looks, in CSS notation.
 * @param pixel numbers of the document: red, green, blue, alpha, 0 … 255.
 */
export function seenColour(
  [red, green, blue, alpha = 255]: readonly number[],
  through: ShownThrough | null = ownColours(),
  space: ColourSpace = useDocument.getState().format.colourSpace,
): string {
  const numbers = new Uint8ClampedArray([red ?? 0, green ?? 0, blue ?? 0, alpha]);
  const [r = 0, g = 0, b = 0] = through ? through(numbers) : numbers;
  return space === 'display-p3'
    ? `color(display-p3 ${r / 255} ${g / 255} ${b / 255} / ${alpha / 255})`
    : `rgb(${r} ${g} ${b} / ${alpha / 255})`;
}
