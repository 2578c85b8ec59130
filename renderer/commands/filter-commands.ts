import type { FilterSettings } from '../engine/filter/filters.ts';
import { useDocument } from '../state/document/document-store.ts';
import { FILTER_NAMES, startFilter } from '../tools/filter/filter-act.ts';
import type { Command } from './command.ts';
import type { Workspace } from './workspace.ts';

/** Filters as they begin. */
const FILTERS: readonly FilterSettings[] = [
  { type: 'gaussian-blur', radius: 4 },
  { type: 'sharpen', radius: 1.5, amount: 1 },
  { type: 'noise', amount: 0.08, monochrome: false, seed: 1 },
  { type: 'pixelate', size: 12 },
];

/** Filters of the active layer's pixels. */
export function filterCommands(workspace: Workspace): readonly Command[] {
  return FILTERS.map((settings) => ({
    id: `filter.${settings.type}`,
    title: `Filter: ${FILTER_NAMES[settings.type]}…`,
    group: 'Layer' as const,
    submenu: 'Filter',
    shortTitle: `${FILTER_NAMES[settings.type]}…`,
    keys: [],
    enabled: () => workspace.open !== null && useDocument.getState().readOnly === null,
    run() {
      if (workspace.open && !workspace.penDown) startFilter(workspace.open.session, settings);
    },
  }));
}
