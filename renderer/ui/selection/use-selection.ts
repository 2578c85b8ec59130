import { useSyncExternalStore } from 'react';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { useOpenDocument } from '../workspace-context.tsx';

/** What is selected in the open document, or null. */
export function useSelection(): SelectionMask | null {
  const open = useOpenDocument();
  return useSyncExternalStore(
    (listener) => open?.session.selection.subscribe(listener) ?? (() => undefined),
    () => open?.session.selection.mask ?? null,
  );
}
