import { RefreshCw, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { LibraryFolder } from '../../../preload/contract/index.ts';
import { addFolder, removeFolder, rescan } from '../../commands/library-actions.ts';
import { useLibrary } from '../../state/library-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';

/** The last part of a path, in either system's writing. */
function folderName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

function FolderRow({ folder, onFind }: { folder: LibraryFolder; onFind: () => void }) {
  const { workspace } = useRoom();
  const name = folderName(folder.path);
  return (
    <li className="folder" aria-label={folder.path}>
      <div className="folder-row">
        <span className="grow" title={folder.path}>
          <strong className="ellipsis">{name}</strong>
          <span className="dim ellipsis">{folder.path}</span>
        </span>
        <span className="dim">{folder.files}</span>
        <IconButton
          icon={X}
          size={16}
          label={`Forget the folder ${name}`}
          onPress={() => void removeFolder(workspace.link, folder.path)}
        />
      </div>
      {!folder.present && (
        <output className="adapter-note">
          <span>
            <span className="sign">✕</span> The folder “{name}” is not there any more. Your pictures and
            recipes are untouched. Reconnect the drive or show where it went.
          </span>
          <span className="adapter-acts">
            <Button className="button" onPress={onFind}>
              Find folder
            </Button>
          </span>
        </output>
      )}
    </li>
  );
}

function TypedFolder() {
  const { workspace } = useRoom();
  const [path, setPath] = useState('');
  return (
    <Form
      className="typed-folder"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() === '') return;
        void addFolder(workspace.link, path.trim()).then((added) => {
          if (added) setPath('');
        });
      }}
    >
      <TextField className="field stacked" value={path} onChange={setPath} maxLength={4096}>
        <Label className="field-label">Folder on the workstation</Label>
        <Input className="input" id="library-folder" placeholder="~/models" spellCheck="false" />
      </TextField>
      <Button className="button primary" type="submit">
        Add folder
      </Button>
    </Form>
  );
}

function KnownFolders() {
  const { workspace } = useRoom();
  const folders = useLibrary((state) => state.folders);
  const known = useLibrary((state) => state.knownFolders);
  const have = new Set(folders.map(({ path }) => path));
  const offered = known.filter(({ path }) => !have.has(path));
  if (offered.length === 0) return null;
  return (
    <div className="known-folders">
      <h3 className="field-label">Other programs keep models here</h3>
      {offered.map(({ program, path }) => (
        <Button
          className="button"
          key={path}
          aria-label={`Add ${path}, the folder of ${program}`}
          onPress={() => void addFolder(workspace.link, path)}
        >
          <span className="grow ellipsis">{path}</span>
          <span className="dim">{program}</span>
        </Button>
      ))}
    </div>
  );
}

function ScanState() {
  const { workspace } = useRoom();
  const scanning = useLibrary((state) => state.scanning);
  const found = useLibrary((state) => state.found);
  const empty = useLibrary((state) => state.folders.length === 0);
  if (empty) return null;
  return (
    <div className="folder-row">
      <output className="grow dim">{scanning ? `Looking… ${found} found` : 'Up to date'}</output>
      <IconButton
        icon={RefreshCw}
        size={16}
        label="Look again"
        isDisabled={scanning}
        onPress={() => void rescan(workspace.link)}
      />
    </div>
  );
}

/** The folders that are looked through, and the ways to add one. */
export function FolderList() {
  const { workspace } = useRoom();
  const { link } = workspace;
  const folders = useLibrary((state) => state.folders);
  const error = useLibrary((state) => state.error);
  const choose = (): void => {
    if (!link.dialogs) {
      document.querySelector<HTMLElement>('#library-folder')?.focus();
      return;
    }
    void link.dialogs.chooseFolder().then((path) => path !== null && addFolder(link, path));
  };
  return (
    <section className="library-folders scroll" aria-label="Folders">
      <h3>Folders</h3>
      {folders.length > 0 && (
        <ul aria-label="Folders that are looked through">
          {folders.map((folder) => (
            <FolderRow folder={folder} key={folder.path} onFind={choose} />
          ))}
        </ul>
      )}
      <ScanState />
      {link.dialogs ? (
        <Button className="button primary" onPress={choose}>
          Add folder…
        </Button>
      ) : (
        <TypedFolder />
      )}
      {error && (
        <output className="error-card">
          <span>
            <span className="sign">✕</span> {error.message}
          </span>
          {error.remedy !== '' && <span className="dim">{error.remedy}</span>}
        </output>
      )}
      <KnownFolders />
      <p className="caption dim">
        Impasto only reads these folders: nothing in them is changed, moved or copied.
      </p>
    </section>
  );
}
