import { X } from 'lucide-react';
import { useGeneration } from '../../generation/generation-store.ts';
import { secondsText } from '../../generation/verb.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';

/** Jobs in order: what runs, what waits. */
export function QueueList() {
  const { workspace } = useRoom();
  const jobs = useGeneration((state) => state.jobs);
  if (jobs.length === 0) return <p className="empty">Nothing waits</p>;
  return (
    <ul className="scroll">
      {jobs.map((job) => (
        <li className="queue-row" key={job.jobId}>
          <span className="grow ellipsis">
            {job.verb}
            <span className="dim">
              {' '}
              {job.state === 'queued' ? 'waits' : `${job.stage} ${job.step}/${job.steps}`}
            </span>
          </span>
          {job.secondsLeft !== null && <span className="dim">{secondsText(job.secondsLeft)}</span>}
          <IconButton
            icon={X}
            label="Cancel this job"
            size={16}
            isDisabled={job.state === 'cancelling'}
            onPress={() => void workspace.generator.cancel(job.jobId)}
          />
        </li>
      ))}
    </ul>
  );
}
