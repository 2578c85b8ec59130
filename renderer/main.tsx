import { createRoot } from 'react-dom/client';
import { StudioError } from '../preload/contract/index.ts';
import { connectStudio } from './bridge/index.ts';
import { createCommands } from './commands/create-commands.ts';
import { onReconnect, startStudio } from './commands/start-studio.ts';
import { Workspace } from './commands/workspace.ts';
import { HeldKeys } from './input/held-keys.ts';
import { followBrushes } from './state/hud-store.ts';
import { watchProof } from './commands/proof-colours.ts';
import { watchTools } from './commands/watch-tools.ts';
import { bindNudgeKeys } from './input/nudge-keys.ts';
import { bindPendingKeys } from './input/pending-keys.ts';
import { nudge } from './tools/move/move-tool.ts';
import { importBrushes } from './commands/import-brushes.ts';
import { pasteFiles } from './commands/clipboard.ts';
import { refuseFiles, takeFiles } from './commands/files.ts';
import { bindDensityOffer } from './input/offer-density.ts';
import { bindBrushDrop } from './input/brush-drop.ts';
import { bindPictureFiles } from './input/picture-drop.ts';
import { bindWindowKeys } from './input/window-keys.ts';
import { OpeningWindow } from './ui/opening-window.tsx';
import { Room } from './ui/room.tsx';
import { StartFailure } from './ui/start-failure.tsx';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './ui/styles/controls.css';
import './ui/styles/window.css';
import './ui/styles/panels.css';
import './ui/styles/selection.css';
import './ui/styles/effects.css';
import './ui/styles/text.css';
import './ui/styles/generate.css';
import './ui/styles/conditioning.css';
import './ui/styles/live.css';
import './ui/styles/gallery.css';
import './ui/styles/queue.css';
import './ui/styles/variations.css';
import './ui/styles/dialogs.css';
import './ui/styles/library.css';
import './ui/styles/history.css';
import './ui/styles/brushes.css';
import './ui/styles/touch.css';

const BUG = new StudioError(
  'page/bug',
  'Something in Impasto itself went wrong while the window opened. Your documents are untouched.',
  'Load the page again. If it returns, report it.',
);

const element = document.querySelector('#root');
if (!element) throw new Error('The page has no root.');
const root = createRoot(element);
root.render(<OpeningWindow />);

try {
  const bridge = await connectStudio();
  const workspace = new Workspace(bridge);
  const settings = await startStudio(bridge);
  onReconnect(bridge, () => workspace.generator.reconnect());
  const commands = createCommands(workspace);
  const keys = new HeldKeys();
  bindPendingKeys();
  bindNudgeKeys(keys, (dx, dy) => {
    const session = workspace.open?.session;
    if (session && session.readOnly === null && !workspace.penDown) nudge(session, dx, dy);
  });
  watchTools(workspace);
  watchProof(workspace);
  bindWindowKeys();
  followBrushes();
  bindDensityOffer();
  bindBrushDrop((files) => void importBrushes(workspace, files));
  bindPictureFiles({
    dropped: (files) => void takeFiles(workspace, files),
    pasted: (files) => void pasteFiles(workspace, files),
    refused: (files) => void refuseFiles(files),
  });
  root.render(<Room workspace={workspace} commands={commands} keys={keys} />);
  workspace.generator.notes.load(settings);
  await workspace.openFirst(settings);
} catch (error) {
  root.render(<StartFailure error={error instanceof StudioError ? error : BUG} />);
  if (!(error instanceof StudioError)) throw error;
}
