import { type AidSettings, RULER_UNITS, useAidDialog, useAidSettings } from '../state/aid-store.ts';
import type { Command } from './command.ts';
import type { Workspace } from './workspace.ts';

type Switch = {
  [Key in keyof AidSettings]: AidSettings[Key] extends boolean ? Key : never;
}[keyof AidSettings];

const UNIT_TITLES = { px: 'pixels', mm: 'millimetres', in: 'inches', '%': 'percent' } as const;

/** Rulers, guides, grid, snapping and drawing rulers. */
export function aidCommands(workspace: Workspace): readonly Command[] {
  const toggle = (id: string, title: string, key: Switch, keys: readonly string[] = []): Command => ({
    id: `view.${id}`,
    title,
    group: 'View',
    keys,
    checked: () => useAidSettings.getState()[key],
    run: () => useAidSettings.setState((state) => ({ [key]: !state[key] })),
  });
  const snapTo = (id: string, what: string, key: Switch): Command => ({
    ...toggle(`snap-${id}`, `Snap to ${what}`, key),
    submenu: 'Snap to',
    shortTitle: what,
  });
  return [
    toggle('rulers', 'Rulers', 'rulersShown', ['$mod+r']),
    ...RULER_UNITS.map((unit): Command => ({
      id: `view.ruler-${unit === '%' ? 'percent' : unit}`,
      title: `Rulers in ${UNIT_TITLES[unit]}`,
      submenu: 'Rulers in',
      shortTitle: UNIT_TITLES[unit],
      group: 'View',
      keys: [],
      checked: () => useAidSettings.getState().unit === unit,
      run: () => useAidSettings.setState({ unit, rulersShown: true }),
    })),
    toggle('guides', 'Guides', 'guidesShown', ['$mod+Semicolon']),
    {
      id: 'view.lock-guides',
      title: 'Lock guides',
      group: 'View',
      keys: ['$mod+Alt+Semicolon'],
      enabled: () => workspace.open !== null,
      checked: () => workspace.open?.session.aids.now.locked === true,
      run() {
        const aids = workspace.open?.session.aids;
        aids?.set(aids.now.locked ? 'Unlock guides' : 'Lock guides', { locked: !aids.now.locked });
      },
    },
    {
      id: 'view.clear-guides',
      title: 'Clear guides',
      group: 'View',
      keys: [],
      enabled: () => (workspace.open?.session.aids.now.guides.length ?? 0) > 0,
      run: () => workspace.open?.session.aids.set('Clear guides', { guides: [] }),
    },
    {
      id: 'view.guides-and-grid',
      title: 'Guides and grid…',
      group: 'View',
      keys: [],
      enabled: () => workspace.open !== null,
      run: () => useAidDialog.setState({ open: true }),
    },
    toggle('grid', 'Grid', 'gridShown', ['$mod+Quote']),
    toggle('pixel-grid', 'Pixel grid', 'pixelGridShown'),
    toggle('snap', 'Snap', 'snaps', ['$mod+Shift+Semicolon']),
    snapTo('guides', 'guides', 'snapToGuides'),
    snapTo('grid', 'grid', 'snapToGrid'),
    snapTo('canvas', 'the canvas', 'snapToCanvas'),
    snapTo('layers', 'layers', 'snapToLayers'),
    toggle('drawing-rulers', 'Strokes follow drawing rulers', 'drawingRulers'),
  ];
}
