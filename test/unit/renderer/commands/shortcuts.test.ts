import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../renderer/commands/command.ts';
import { keyOf, normalKey, withShortcuts } from '../../../../renderer/commands/shortcuts.ts';

const command = (id: string, ...keys: string[]): Command => ({
  id,
  title: id,
  group: 'Tools',
  keys,
  run: () => undefined,
});

const COMMANDS = [
  command('tool.brush', 'b'),
  command('tool.eraser', 'e'),
  command('brush.erases', 'Shift+e'),
  command('tool.fill', 'g'),
  command('tool.frame', 'f'),
  command('edit.redo', '$mod+Shift+z', '$mod+y'),
];
const keys = (shortcuts: Parameters<typeof withShortcuts>[1]): Record<string, readonly string[]> =>
  Object.fromEntries(withShortcuts(COMMANDS, shortcuts).commands.map(({ id, keys: own }) => [id, own]));

describe('shortcuts', () => {
  test('are our own until something else is chosen', () => {
    expect(keys({ scheme: 'impasto', own: {} })).toEqual({
      'tool.brush': ['b'],
      'tool.eraser': ['e'],
      'brush.erases': ['Shift+e'],
      'tool.fill': ['g'],
      'tool.frame': ['f'],
      'edit.redo': ['$mod+Shift+z', '$mod+y'],
    });
  });

  test('of Krita put E on the erasing brush and F on the bucket; whoever had them by default gives way', () => {
    const krita = keys({ scheme: 'krita', own: {} });
    expect(krita['brush.erases']).toEqual(['e']);
    expect(krita['tool.eraser']).toEqual(['Shift+e']);
    expect(krita['tool.fill']).toEqual(['f']);
    expect(krita['tool.frame']).toEqual(['Shift+f']);
  });

  test('that a person chose win over the scheme and over defaults, and nothing else moves', () => {
    const own = keys({ scheme: 'krita', own: { 'tool.brush': ['f'] } });
    expect(own['tool.brush']).toEqual(['f']);
    expect(own['tool.fill']).toEqual([]);
    expect(own['brush.erases']).toEqual(['e']);
    expect(keys({ scheme: 'impasto', own: { 'tool.fill': [] } })['tool.fill']).toEqual([]);
  });

  test('that are chosen for two commands are a clash, and the first has them', () => {
    const { commands, clashes } = withShortcuts(COMMANDS, {
      scheme: 'impasto',
      own: { 'tool.brush': ['Shift+q'], 'tool.fill': ['Shift+q'] },
    });
    expect(clashes).toEqual([{ key: 'Shift+q', commandIds: ['tool.brush', 'tool.fill'] }]);
    expect(commands.filter(({ keys: each }) => each.includes('Shift+q')).map(({ id }) => id)).toEqual([
      'tool.brush',
    ]);
  });

  test('are spelt in one way', () => {
    expect(normalKey('Shift+$mod+Z')).toBe('$mod+Shift+z');
    expect(normalKey('Alt+BracketRight')).toBe('Alt+BracketRight');
  });

  const press = (key: string, code: string, more: Partial<Parameters<typeof keyOf>[0]> = {}) =>
    keyOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

  test('are read from presses: letters by character, punctuation by position, modifiers alone are nothing', () => {
    // QWERTZ: the key labelled Z lies where Y does; the key labelled ü where [ does.
    expect(press('z', 'KeyY', { ctrlKey: true })).toBe('$mod+z');
    expect(press('ü', 'BracketLeft')).toBe('BracketLeft');
    expect(press('!', 'Digit1', { shiftKey: true })).toBe('Shift+Digit1');
    expect(press('F5', 'F5')).toBe('F5');
    expect(press('Shift', 'ShiftLeft', { shiftKey: true })).toBeNull();
  });
});
