import { ArrowDown, ArrowUp, Repeat2, RotateCcw, X } from 'lucide-react';
import type { QueuedJob } from '../../../../preload/contract/index.ts';
import { cancelQueued, moveQueued, repeatQueued, restoreQueued } from '../../../commands/queue-actions.ts';
import { useDocument } from '../../../state/document/document-store.ts';
import { useGeneration } from '../../../generation/generation-store.ts';
import { secondsText } from '../../../generation/verb.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { useRoom } from '../../workspace-context.tsx';

const MARKS: Readonly<Record<QueuedJob['state'], string>> = {
  running: '▶',
  waiting: '○',
  yielded: '‖',
  held: '‖',
  failed: '✕',
  cancelled: '■',
  finished: '✓',
};

function stateWords(job: QueuedJob): string {
  switch (job.state) {
    case 'running':
      return `step ${job.step} of ${job.steps}`;
    case 'yielded':
      return `gave way at step ${job.step}`;
    case 'held':
      return 'held';
    case 'waiting':
      return 'waits';
    case 'failed':
      return job.reason?.message ?? 'failed';
    case 'cancelled':
      return job.step > 0 ? `cancelled at step ${job.step}` : 'cancelled';
    case 'finished':
      return 'done';
  }
}

/** A job as a row says it. */
export function queueRowName(job: QueuedJob, verb: string | undefined): string {
  return `${verb ?? 'Generate'}: ${job.title || 'no prompt'}, ${stateWords(job)}`;
}

/** How far a job is that runs: the queue itself is told anew only when jobs come, move or end. */
function useSteps({ jobId, state }: QueuedJob): { step?: number; secondsLeft?: number } {
  const view = useGeneration(({ jobs }) => jobs.find((job) => job.jobId === jobId));
  if (state !== 'running' || view === undefined) return {};
  return { step: view.step, ...(view.secondsLeft !== null && { secondsLeft: view.secondsLeft }) };
}

/** One job of the queue: what, for which document, how far, how long, and what can be done with it. */
export function QueueRow({ job: queued, first, last }: { job: QueuedJob; first: boolean; last: boolean }) {
  const { workspace } = useRoom();
  const documentId = useDocument((state) => state.id);
  const job = { ...queued, ...useSteps(queued) };
  const verb = workspace.generator.notes.find(job.jobId)?.verb ?? 'Generate';
  const elsewhere = job.documentId !== null && job.documentId !== documentId;
  const waits = job.state === 'waiting' || job.state === 'yielded' || job.state === 'held';
  const open = waits || job.state === 'running';
  return (
    <>
      <span className="sign" aria-hidden>
        {MARKS[job.state]}
      </span>
      <span className="grow ellipsis" title={[job.title, ...job.eased].join('\n')}>
        {verb} <span className="dim">{job.title}</span>
        <span className="caption dim">
          {' '}
          {job.width} × {job.height}
          {elsewhere ? ', another document' : ''} · {stateWords(job)}
          {job.eased.length > 0 ? ` · ▽ ${job.eased.join(' ')}` : ''}
        </span>
      </span>
      {open && <span className="dim time-left">{secondsText(job.secondsLeft)}</span>}
      {waits && (
        <>
          <IconButton
            icon={ArrowUp}
            label="Move up"
            size={16}
            isDisabled={first}
            onPress={() => void moveQueued(workspace, job.jobId, -1)}
          />
          <IconButton
            icon={ArrowDown}
            label="Move down"
            size={16}
            isDisabled={last}
            onPress={() => void moveQueued(workspace, job.jobId, 1)}
          />
        </>
      )}
      {open && (
        <IconButton
          icon={X}
          label="Cancel this"
          size={16}
          onPress={() => void cancelQueued(workspace, job.jobId)}
        />
      )}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <IconButton
          icon={RotateCcw}
          label="Try again"
          size={16}
          onPress={() => void restoreQueued(workspace, [job.jobId])}
        />
      )}
      {job.state === 'finished' && (
        <IconButton
          icon={Repeat2}
          label="The same once more"
          size={16}
          onPress={() => void repeatQueued(workspace, job.jobId)}
        />
      )}
    </>
  );
}
