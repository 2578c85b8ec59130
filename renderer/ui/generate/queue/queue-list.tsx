import { Pause, Play } from 'lucide-react';
import { Button, GridList, GridListItem, useDragAndDrop } from 'react-aria-components';
import type { Lane, QueuedJob } from '../../../../preload/contract/index.ts';
import { clearQueue, moveQueued, pauseQueue, placeQueued } from '../../../commands/queue-actions.ts';
import { endedJobs, openJobs, useQueue } from '../../../generation/queue-store.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { useRoom } from '../../workspace-context.tsx';
import { QueueRow, queueRowName } from './queue-row.tsx';
import { UndoBar } from './undo-bar.tsx';

const LANES: readonly (readonly [Lane, string])[] = [
  ['live', 'Live'],
  ['interactive', 'Asked for'],
  ['batch', 'In the background'],
];

/** Jobs of one lane in the order in which they run; those that wait can be dragged, or moved by Alt+↑ and Alt+↓. */
function LaneRows({ lane, title, jobs }: { lane: Lane; title: string; jobs: readonly QueuedJob[] }) {
  const { workspace } = useRoom();
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onReorder({ keys, target }) {
      const [moved] = keys;
      const at = jobs.findIndex(({ jobId }) => jobId === target.key);
      const next = target.dropPosition === 'before' ? jobs[at] : jobs[at + 1];
      if (moved !== undefined) void placeQueued(workspace, String(moved), next?.jobId ?? null);
    },
  });
  const waiting = jobs.filter(({ state }) => state !== 'running');
  const move = (event: React.KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-key]') : null;
    const jobId = row?.dataset['key'];
    if (jobId === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    void moveQueued(workspace, jobId, event.key === 'ArrowUp' ? -1 : 1);
  };
  if (jobs.length === 0) return null;
  return (
    <div onKeyDownCapture={move}>
      <h3 className="queue-lane">{title}</h3>
      <GridList
        className="queue-rows"
        aria-label={`Queue, ${title}`}
        data-lane={lane}
        dragAndDropHooks={dragAndDropHooks}
      >
        {jobs.map((job) => (
          <GridListItem
            className="queue-row"
            id={job.jobId}
            key={job.jobId}
            textValue={queueRowName(job, workspace.generator.notes.find(job.jobId)?.verb)}
          >
            <QueueRow job={job} first={waiting[0] === job} last={waiting.at(-1) === job} />
          </GridListItem>
        ))}
      </GridList>
    </div>
  );
}

/** The queue by lanes, and what ended; it outlives the page and the studio. */
export function QueueList() {
  const { workspace } = useRoom();
  const jobs = useQueue((state) => state.jobs);
  const paused = useQueue((state) => state.paused);
  const open = openJobs(jobs);
  const ended = endedJobs(jobs);
  const waiting = open.filter(({ state }) => state !== 'running').length;
  return (
    <div className="queue">
      <div className="queue-head">
        <span className="grow">
          {paused ? '‖ Paused' : open.length === 0 ? 'Nothing waits' : `${waiting} waiting`}
        </span>
        <IconButton
          icon={paused ? Play : Pause}
          label={paused ? 'Go on with the queue' : 'Pause the queue after this step'}
          size={16}
          isSelected={paused}
          onPress={() => void pauseQueue(workspace, !paused)}
        />
        <Button className="button" isDisabled={waiting === 0} onPress={() => void clearQueue(workspace)}>
          Clear waiting
        </Button>
      </div>
      <UndoBar />
      <div className="scroll">
        {LANES.map(([lane, title]) => (
          <LaneRows key={lane} lane={lane} title={title} jobs={open.filter((job) => job.lane === lane)} />
        ))}
        {ended.length > 0 && (
          <>
            <h3 className="queue-lane">Ended</h3>
            <GridList className="queue-rows" aria-label="Queue, ended">
              {ended.map((job) => (
                <GridListItem
                  className="queue-row"
                  id={job.jobId}
                  key={job.jobId}
                  textValue={queueRowName(job, workspace.generator.notes.find(job.jobId)?.verb)}
                >
                  <QueueRow job={job} first last />
                </GridListItem>
              ))}
            </GridList>
          </>
        )}
      </div>
    </div>
  );
}
