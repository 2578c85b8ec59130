import { aidCommands } from './aid-commands.ts';
import { documentCommands } from './document-commands.ts';
import { editCommands } from './edit-commands.ts';
import type { Command } from './command.ts';
import { filterCommands } from './filter-commands.ts';
import { formatCommands } from './format-commands.ts';
import { generationCommands } from './generation-commands.ts';
import { layerCommands } from './layer-commands.ts';
import { libraryCommands } from './library-commands.ts';
import { liveCommands } from './live-commands.ts';
import { pictureCommands } from './picture-commands.ts';
import { selectionCommands } from './selection-commands.ts';
import { toolCommands } from './tool-commands.ts';
import { viewCommands } from './view-commands.ts';
import type { Workspace } from './workspace.ts';

/** Every command of the window, in the order of its menus. */
export function createCommands(workspace: Workspace): readonly Command[] {
  return [
    ...documentCommands(workspace),
    ...formatCommands(workspace),
    ...filterCommands(workspace),
    ...editCommands(workspace),
    ...selectionCommands(workspace),
    ...pictureCommands(workspace),
    ...layerCommands(workspace),
    ...toolCommands(),
    ...viewCommands(workspace),
    ...aidCommands(workspace),
    ...generationCommands(workspace),
    ...liveCommands(workspace),
    ...libraryCommands(workspace),
  ];
}
