import { useEffect, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay, ProgressBar } from 'react-aria-components';
import { stopFileJob } from '../../commands/files.ts';
import { useFileJob } from '../../state/file-job-store.ts';
import { useRoom } from '../workspace-context.tsx';

/** Milliseconds until it is worth showing that something is on its way. */
const PATIENCE = 400;

/** How far a file is that comes in or goes out, and the way to stop it. */
export function FileJobDialog() {
  const { workspace } = useRoom();
  const job = useFileJob((state) => state.job);
  const [shownId, setShownId] = useState<string | null>(null);
  const id = job?.id ?? null;
  useEffect(() => {
    if (id === null) return;
    const timer = setTimeout(() => setShownId(id), PATIENCE);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <ModalOverlay className="overlay" isOpen={job !== null && shownId === job.id} isKeyboardDismissDisabled>
      <Modal className="dialog">
        <Dialog>
          <Heading slot="title" level={2}>
            {job?.title}
          </Heading>
          <ProgressBar aria-label={job?.title ?? 'File'} value={(job?.share ?? 0) * 100}>
            {({ percentage }) => (
              <div className="progress">
                <div className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
              </div>
            )}
          </ProgressBar>
          <p className="dim caption ellipsis">{job?.what || 'Reading the file…'}</p>
          <div className="actions">
            <Button className="button" onPress={() => stopFileJob(workspace)}>
              Cancel
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
