import { StudioError } from '../../preload/contract/index.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useFileJob } from '../state/file-job-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { tell } from '../state/status-store.ts';
import { useGeneration } from '../generation/generation-store.ts';
import type { Command } from './command.ts';
import { download } from './download.ts';
import { choosePictureFile, openPictureFile } from './files.ts';
import { chooseBrushFiles } from './import-brushes.ts';
import { addSavePoint } from './save-points.ts';
import type { Workspace } from './workspace.ts';

/** Writes the picture as it is seen to a PNG file; previews that were not accepted are not in it, and that is said. */
async function exportPng(workspace: Workspace): Promise<void> {
  try {
    const file = await workspace.exportPng();
    if (!file) return;
    download(file.fileName, file.png, 'image/png');
    const waiting = useGeneration.getState().strip.filter((item) => item.kind === 'result').length;
    tell({
      level: waiting > 0 ? 'warn' : 'info',
      message: `Exported ${file.fileName}`,
      remedy: waiting > 0 ? `${waiting} previews are not in it: they were not accepted.` : '',
    });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}

/** Asks where a copy should go, and goes on in it. */
async function saveAs(workspace: Workspace): Promise<void> {
  const { dialogs } = workspace.link;
  if (!dialogs) {
    useLayout.setState({ saveAsOpen: true });
    return;
  }
  const path = await dialogs.saveDocument(useDocument.getState().name);
  if (path !== null) await workspace.saveAs(path);
}

/** Opening, making, copying and exporting documents. */
export function documentCommands(workspace: Workspace): readonly Command[] {
  workspace.onSaveAs = () => saveAs(workspace);
  workspace.onExport = () => exportPng(workspace);
  const hasDocument = (): boolean => workspace.open !== null;
  return [
    {
      id: 'document.new',
      title: 'New document…',
      group: 'File',
      keys: ['Alt+n'],
      run: () => useLayout.setState({ newDocumentOpen: true }),
    },
    {
      id: 'document.open',
      title: 'Open…',
      group: 'File',
      keys: ['$mod+o'],
      async run() {
        const { dialogs } = workspace.link;
        if (!dialogs) {
          useLayout.setState({ documentsOpen: true });
          return;
        }
        const path = await dialogs.openDocument();
        if (path === null) return;
        if (/\.impasto$/i.test(path)) await workspace.openDocument(path);
        else await openPictureFile(workspace, path);
      },
    },
    {
      id: 'document.save-as',
      title: 'Save as…',
      group: 'File',
      keys: [],
      enabled: hasDocument,
      run: () => saveAs(workspace),
    },
    {
      id: 'document.save-point',
      title: 'Make a save point',
      group: 'File',
      keys: ['$mod+s'],
      enabled: hasDocument,
      run: () => addSavePoint(workspace),
    },
    {
      id: 'document.import',
      title: 'Open a picture file…',
      group: 'File',
      keys: [],
      run: () => choosePictureFile(workspace),
    },
    {
      id: 'document.export',
      title: 'Export…',
      group: 'File',
      keys: ['$mod+Shift+s'],
      enabled: hasDocument,
      run: () => useFileJob.setState({ exportOpen: true }),
    },
    {
      id: 'document.export-png',
      title: 'Export PNG',
      group: 'File',
      keys: [],
      enabled: hasDocument,
      run: () => exportPng(workspace),
    },
    {
      id: 'document.import-brushes',
      title: 'Import brushes…',
      group: 'File',
      keys: [],
      run: () => chooseBrushFiles(workspace),
    },
    {
      id: 'document.time-lapse',
      title: 'Export time-lapse…',
      group: 'File',
      keys: [],
      enabled: hasDocument,
      run: () => useLayout.setState({ timeLapseOpen: true }),
    },
  ];
}
