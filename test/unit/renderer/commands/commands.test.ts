import { describe, expect, test, vi } from 'vitest';
import { SCHEME_KEYS } from '../../../../renderer/commands/schemes.ts';
import { withShortcuts } from '../../../../renderer/commands/shortcuts.ts';
import type { Workspace } from '../../../../renderer/commands/workspace.ts';

describe('the commands of the window', async () => {
  // Some stores take the window's size as they are made.
  vi.stubGlobal('window', { innerWidth: 1280, innerHeight: 800 });
  const { createCommands } = await import('../../../../renderer/commands/create-commands.ts');
  const commands = createCommands({ generator: {}, live: {}, link: {}, open: null } as unknown as Workspace);

  test.each(Object.keys(SCHEME_KEYS) as (keyof typeof SCHEME_KEYS)[])('have no key twice: %s', (scheme) => {
    expect(withShortcuts(commands, { scheme, own: {} }).clashes).toEqual([]);
  });

  test.each([
    ['edit.cut', '$mod+x'],
    ['edit.copy', '$mod+c'],
    ['edit.copy-merged', '$mod+Shift+c'],
    ['edit.paste', '$mod+v'],
    ['edit.paste-in-place', '$mod+Shift+v'],
    ['layer.ungroup', '$mod+Shift+g'],
    ['layer.merge-visible', '$mod+Shift+e'],
    ['layer.stamp-visible', '$mod+Alt+Shift+e'],
    ['layer.adjust-levels', '$mod+l'],
    ['layer.adjust-curves', '$mod+m'],
    ['layer.adjust-hue-saturation', '$mod+u'],
    ['layer.adjust-colour-balance', '$mod+b'],
    ['layer.adjust-invert', '$mod+i'],
    ['view.fit-selection', '$mod+Digit3'],
    ['generation.start-ahead', '$mod+Shift+Enter'],
    ['generation.fit-frame', 'Shift+f'],
  ])('%s is %s, as painters know it', (id, key) => {
    expect(commands.find((each) => each.id === id)?.keys).toContain(key);
  });

  test('stand in menus under one name each', () => {
    const shown = commands.map(
      ({ group, submenu, shortTitle, title }) => `${group}/${submenu ?? ''}/${shortTitle ?? title}`,
    );
    expect(new Set(shown).size).toBe(shown.length);
  });
});
