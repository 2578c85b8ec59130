import { comparePlans, type PlanDifference, type Plan, StudioError } from '../../preload/contract/index.ts';
import { nextSeed } from '../generation/build-request.ts';
import { chosenResult, useGeneration } from '../generation/generation-store.ts';
import { usePlan } from '../generation/plan-store.ts';
import type { Workspace } from './workspace.ts';

let asked = 0;

/** Opens or closes what the next press would do and why it costs what it costs. */
export function showPlan(open: boolean): void {
  usePlan.setState({ open });
}

/** Asks what a press of the button would do now, with what is on the canvas, and what it shares with the chosen result. */
export async function askPlan({ link, generator }: Workspace): Promise<void> {
  const number = ++asked;
  const tell = (state: Partial<ReturnType<typeof usePlan.getState>>): void => {
    if (number === asked) usePlan.setState(state);
  };
  try {
    const press = generator.prepare();
    if (press === null) return;
    const { form } = useGeneration.getState();
    const request = { ...press.request, seed: nextSeed(form) };
    const plan = await link.request('generation.plan', request);
    tell({ plan, verb: press.label, refusal: null, difference: null });
    const chosen = chosenResult(useGeneration.getState());
    if (chosen) tell({ difference: await differenceFrom(link, plan, chosen.resultId) });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ plan: null, difference: null, refusal: `${error.message} ${error.remedy}` });
  }
}

/** What a plan shares with a result's; null where that cannot be made again here. */
async function differenceFrom(
  link: Workspace['link'],
  plan: Plan,
  resultId: string,
): Promise<PlanDifference | null> {
  try {
    const { request } = await link.request('generation.request', { resultId });
    return comparePlans(plan, await link.request('generation.plan', request));
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}
