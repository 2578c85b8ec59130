import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useLayout } from '../../state/layout-store.ts';

const close = (): void => useLayout.setState({ importReport: [] });

/** What of imported brushes has no counterpart here. */
export function ImportReport() {
  const report = useLayout((state) => state.importReport);
  return (
    <ModalOverlay
      className="overlay"
      isOpen={report.length > 0}
      isDismissable
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      <Modal className="dialog">
        <Dialog>
          <Heading slot="title" level={2}>
            What is left out
          </Heading>
          <div className="import-report scroll">
            {report.map(({ name, notes }, index) => (
              // Names may repeat; the list never changes while it is shown.
              <section key={index}>
                <h3>{name}</h3>
                <ul>
                  {notes.map((note) => (
                    <li key={note}>{note}</li>
                  ))}
                </ul>
              </section>
            ))}
          </div>
          <div className="actions">
            <Button className="button primary" onPress={close}>
              Close
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
