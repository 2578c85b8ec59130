import { useEffect, useState } from 'react';
import { Button, Dialog, Heading, ListBox, ListBoxItem, Modal, ModalOverlay } from 'react-aria-components';
import { type DocumentSummary, StudioError } from '../../../preload/contract/index.ts';
import { choosePictureFile } from '../../commands/files.ts';
import { useLayout } from '../../state/layout-store.ts';
import { tell } from '../../state/status-store.ts';
import { useRoom } from '../workspace-context.tsx';

function sizeText(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

function DocumentList({ onDone }: { onDone: () => void }) {
  const { workspace } = useRoom();
  const [documents, setDocuments] = useState<readonly DocumentSummary[] | null>(null);
  useEffect(() => {
    workspace.link.request('documents.list', {}).then(setDocuments, (error: unknown) => {
      if (!(error instanceof StudioError)) throw error;
      tell({ level: 'bad', message: error.message, remedy: error.remedy });
      setDocuments([]);
    });
  }, [workspace]);
  if (documents === null) return <p className="dim">Looking…</p>;
  if (documents.length === 0) return <p className="dim">No documents yet. Make a new one.</p>;
  return (
    <ListBox
      className="document-list scroll"
      aria-label="Documents"
      onAction={(path) => {
        onDone();
        void workspace.openDocument(String(path));
      }}
    >
      {documents.map((document) => (
        <ListBoxItem className="menu-item" id={document.path} key={document.path} textValue={document.name}>
          <span className="grow ellipsis">{document.name}</span>
          <span className="dim">
            {document.width} × {document.height} · {sizeText(document.bytes)} ·{' '}
            {new Date(document.modified).toLocaleString()}
          </span>
        </ListBoxItem>
      ))}
    </ListBox>
  );
}

/** The documents of the studio's folder; for browsers, which have no file dialog of the workstation. */
export function DocumentsDialog() {
  const isOpen = useLayout((state) => state.documentsOpen);
  const { workspace } = useRoom();
  const close = (): void => useLayout.setState({ documentsOpen: false });
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => useLayout.setState({ documentsOpen: open })}
    >
      <Modal className="dialog">
        <Dialog>
          <Heading slot="title" level={2}>
            Open
          </Heading>
          <DocumentList onDone={close} />
          <div className="actions">
            <Button
              className="button"
              onPress={() => useLayout.setState({ documentsOpen: false, newDocumentOpen: true })}
            >
              New document…
            </Button>
            <Button
              className="button"
              onPress={() => {
                close();
                choosePictureFile(workspace);
              }}
            >
              Picture file…
            </Button>
            <Button className="button" onPress={close}>
              Cancel
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
