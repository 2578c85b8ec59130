import { TURNS } from '../engine/transform/document-geometry.ts';
import { useDocument } from '../state/document/document-store.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { useLayout } from '../state/layout-store.ts';
import { tell } from '../state/status-store.ts';
import type { Command } from './command.ts';
import { cropPicture, turnPicture, turnTitle } from './picture-edits.ts';
import type { Workspace } from './workspace.ts';

/** Size, crop, turns and mirrors of the whole picture. */
export function pictureCommands(workspace: Workspace): readonly Command[] {
  const enabled = (): boolean => workspace.open !== null && useDocument.getState().readOnly === null;
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    act: (session: DocumentSession) => void,
  ): Command => ({
    id: `picture.${id}`,
    title,
    group: 'Document',
    keys,
    enabled,
    run() {
      if (workspace.open && !workspace.penDown) act(workspace.open.session);
    },
  });
  return [
    command('size', 'Image size…', ['$mod+Alt+i'], () => useLayout.setState({ pictureSizeOpen: 'image' })),
    command('canvas', 'Canvas size…', ['$mod+Alt+c'], () =>
      useLayout.setState({ pictureSizeOpen: 'canvas' }),
    ),
    command('crop', 'Crop to selection', [], (session) => {
      const rect = session.selection.mask?.bounds();
      if (rect) cropPicture(session, rect, 'Crop to selection');
      else tell({ level: 'info', message: 'Select what shall stay first.', remedy: '' });
    }),
    ...TURNS.map((turn) => command(turn, turnTitle(turn), [], (session) => turnPicture(session, turn))),
  ];
}
