import { useEffect, useState } from 'react';
import { stopFileJob } from '../../commands/files.ts';
import { useFileJob } from '../../state/file-job-store.ts';
import { ProgressDialog } from '../controls/progress-dialog.tsx';
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
    <ProgressDialog
      isOpen={job !== null && shownId === job.id}
      title={job?.title ?? ''}
      label={job?.title ?? 'File'}
      share={job?.share ?? 0}
      onCancel={() => stopFileJob(workspace)}
    >
      <p className="dim caption ellipsis">{job?.what || 'Reading the file…'}</p>
    </ProgressDialog>
  );
}
