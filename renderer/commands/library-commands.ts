import { openLibrary } from '../generation/library-watch.ts';
import { addFolder } from './library-actions.ts';
import type { Command } from './command.ts';
import type { Workspace } from './workspace.ts';

/** The user's own models and adapters. */
export function libraryCommands({ link }: Workspace): readonly Command[] {
  return [
    {
      id: 'library.open',
      title: 'Library',
      group: 'View',
      keys: ['Alt+Digit5'],
      run: () => openLibrary(link),
    },
    {
      id: 'library.add-folder',
      title: 'Use my models…',
      group: 'File',
      keys: [],
      async run() {
        openLibrary(link);
        const path = await link.dialogs?.chooseFolder();
        if (path !== null && path !== undefined) await addFolder(link, path);
      },
    },
  ];
}
