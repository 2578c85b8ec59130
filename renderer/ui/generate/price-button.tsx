import { X } from 'lucide-react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import { useGeneration } from '../../generation/generation-store.ts';
import { priceNote, priceText, secondsText } from '../../generation/verb.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';
import { PlanPopover } from './plan/plan-popover.tsx';
import { LiveToggle } from './live/live-toggle.tsx';
import { useVerb } from './use-verb.ts';
import { VerbMenu } from './verb-menu.tsx';

/** What the button says. */
interface Said {
  readonly what: string;
  readonly cost: string | null;
  /** A second line under a short first one. */
  readonly note?: string | null;
  /** What of the note stands behind the cost where that has to go to the second line. */
  readonly brief?: string | null;
}

/** What the button says at rest: verb, count, price. */
function useOffer(): Said & { spoken: string; hint: string | null } {
  const price = useGeneration((state) => state.price);
  const count = useGeneration((state) => state.form.count);
  const verb = useVerb();
  const total = price && { ...price, seconds: price.seconds * count };
  const many = count > 1 ? ` ×${count}` : '';
  const pictures = count > 1 ? `, ${count} pictures` : '';
  const spokenCost = total
    ? `, ${total.measured ? '' : 'about '}${total.seconds.toFixed(1)} seconds${total.measured ? '' : ', first time'}`
    : '';
  return {
    what: `${verb.label}${many}`,
    cost: total && priceText(total),
    note: price && priceNote(price),
    brief: price && priceNote({ ...price, measured: true }),
    spoken: `${verb.label}${pictures}${spokenCost}`,
    hint: verb.hint,
  };
}

/** Characters of a line that fit the button at its narrowest. */
const ONE_LINE = 20;

/** One line, with a note under it; or, where that would be cut, what will happen over what it costs. */
function SaidLines({ what, cost, note = null, brief = null }: Said) {
  const line = cost === null ? what : `${what} · ${cost}`;
  if (cost === null || line.length <= ONE_LINE) {
    return (
      <>
        <span className="ellipsis">{line}</span>
        {note !== null && <small className="ellipsis">{note}</small>}
      </>
    );
  }
  return (
    <>
      <span className="ellipsis">{what}</span>
      <span className="visually-hidden"> · </span>
      <small className="ellipsis">{brief === null ? cost : `${cost}, ${brief}`}</small>
    </>
  );
}

/** The one button of generating: it says what will happen and what it costs, and counts down while it does. */
export function PriceButton() {
  const { workspace } = useRoom();
  const offer = useOffer();
  const measured = useGeneration((state) => state.price?.measured ?? true);
  const evaluations = useGeneration((state) => state.price?.evaluations);
  const jobs = useGeneration((state) => state.jobs);
  const asking = useGeneration((state) => state.asking > 0);
  const modelId = useGeneration((state) => state.form.modelId);
  const running = jobs.find((job) => job.state !== 'queued') ?? jobs[0];
  const share = running && running.steps > 0 ? running.step / running.steps : 0;
  const left = running?.secondsLeft;
  const countdown: Said | null = running
    ? {
        what: running.state === 'cancelling' ? 'Stopping' : running.stage === '' ? 'Waiting' : running.verb,
        cost: left === null || left === undefined ? '…' : secondsText(left),
      }
    : asking
      ? { what: offer.what, cost: 'starting…' }
      : null;
  return (
    <div className="price-row">
      <LiveToggle />
      <TooltipTrigger delay={500}>
        <Button
          className="button primary price-button"
          data-testid="price"
          aria-description={running ? 'Press to queue another' : offer.spoken}
          isDisabled={modelId === ''}
          onPress={() => void workspace.generator.start()}
        >
          {running && <span className="progress" style={{ width: `${share * 100}%` }} aria-hidden />}
          <span className="text">
            <SaidLines {...(countdown ?? offer)} />
          </span>
        </Button>
        <Tooltip className="tooltip" offset={4}>
          {running
            ? `Step ${running.step} of ${running.steps}${running.cause === null ? '' : `: ${running.cause}`}. Press to queue another.`
            : [
                measured ? null : 'Never timed here: the first run tells',
                evaluations === undefined ? null : `${evaluations} network evaluations`,
                offer.hint,
              ]
                .filter((part) => part !== null)
                .join('. ')}
        </Tooltip>
      </TooltipTrigger>
      <PlanPopover />
      <VerbMenu />
      {running && (
        <IconButton
          icon={X}
          label="Cancel this job"
          command="generation.cancel"
          isDisabled={running.state === 'cancelling'}
          onPress={() => void workspace.generator.cancel(running.jobId)}
        />
      )}
    </div>
  );
}
