import { ListTree } from 'lucide-react';
import { useEffect } from 'react';
import {
  Button,
  Dialog,
  DialogTrigger,
  Heading,
  Popover,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import type { Plan, PlanDifference } from '../../../../preload/contract/index.ts';
import { isMac, keyText } from '../../../commands/command.ts';
import { askPlan, showPlan } from '../../../commands/plan-actions.ts';
import { useGeneration } from '../../../generation/generation-store.ts';
import { usePlan } from '../../../generation/plan-store.ts';
import { cacheShare, secondsText } from '../../../generation/verb.ts';
import { useRoom, useShortcutOf } from '../../workspace-context.tsx';
import { PlanDrawing } from './plan-drawing.tsx';

function sharedWords({ sharedSteps, ofSteps, same, only }: PlanDifference): string {
  const stages = `${same.length} of ${same.length + only.length} stages`;
  return `Shares ${stages} with the chosen picture, ${sharedSteps} of ${ofSteps} steps among them`;
}

function PlanTable({ plan }: { readonly plan: Plan }) {
  return (
    <table className="plan-rows">
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">To do</th>
          <th scope="col">Takes</th>
          <th scope="col">Saved</th>
        </tr>
      </thead>
      <tbody>
        {plan.rows.map(({ what, runs, of, seconds, savedSeconds }) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{runs === 0 ? 'none' : `${runs} of ${of}`}</td>
            <td>{runs === 0 ? '–' : secondsText(seconds)}</td>
            <td>{savedSeconds < 0.05 ? '–' : secondsText(savedSeconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Explained({ plan }: { readonly plan: Plan }) {
  const verb = usePlan((state) => state.verb);
  const difference = usePlan((state) => state.difference);
  const share = cacheShare(plan);
  const price = `${plan.measured ? '' : 'about '}${secondsText(plan.seconds)}`;
  return (
    <>
      <Heading slot="title" level={3}>
        {[verb, price, ...(share === null ? [] : [share])].join(' · ')}
      </Heading>
      <PlanDrawing plan={plan} />
      <p className="caption dim">● there ○ to do · not needed</p>
      <PlanTable plan={plan} />
      {plan.slowSeconds > 1.5 * plan.seconds && (
        <p className="caption">Up to {secondsText(plan.slowSeconds)} when the machine is busy</p>
      )}
      {plan.onceSeconds > 0.05 && (
        <p className="caption">+{secondsText(plan.onceSeconds)} once, to load the model</p>
      )}
      {plan.eased.length > 0 && (
        <p className="caption">▽ Gives way to be done in time: {plan.eased.join(', ')}</p>
      )}
      {difference && <p className="caption">{sharedWords(difference)}</p>}
    </>
  );
}

/** Why the next press costs what it costs: its stages drawn, what of them is there, what the rest takes, what gives way. */
export function PlanPopover() {
  const { workspace } = useRoom();
  const open = usePlan((state) => state.open);
  const plan = usePlan((state) => state.plan);
  const refusal = usePlan((state) => state.refusal);
  const price = useGeneration((state) => state.price);
  const chosenId = useGeneration((state) => state.chosenId);
  const key = useShortcutOf('generation.why');
  // The price follows every change of what is asked for, and so does the plan.
  useEffect(() => {
    if (open) void askPlan(workspace);
  }, [workspace, open, price, chosenId]);
  return (
    <DialogTrigger isOpen={open} onOpenChange={showPlan}>
      <TooltipTrigger delay={500} closeDelay={0}>
        <Button className="button quiet icon-button" aria-label="Why this price" data-testid="why">
          <ListTree size={16} strokeWidth={1.75} aria-hidden />
        </Button>
        <Tooltip className="tooltip" offset={4}>
          Why this price
          {key !== undefined && <kbd>{keyText(key, isMac())}</kbd>}
        </Tooltip>
      </TooltipTrigger>
      <Popover className="popover" placement="top end" offset={4}>
        <Dialog aria-label="Why this price" className="plan-popover">
          {plan ? (
            <Explained plan={plan} />
          ) : (
            <p className="caption">{refusal ?? 'Looking at what is kept…'}</p>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
