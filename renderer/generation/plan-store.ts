import { create } from 'zustand';
import type { Plan, PlanDifference } from '../../preload/contract/index.ts';

/** What the next press would do, stage by stage, while somebody looks at it. */
interface PlanState {
  readonly open: boolean;
  /** What the button calls it. */
  readonly verb: string;
  readonly plan: Plan | null;
  /** What it has in common with the chosen result; null without one. */
  readonly difference: PlanDifference | null;
  /** Why there is none, and what to do. */
  readonly refusal: string | null;
}

export const usePlan = create<PlanState>()(() => ({
  open: false,
  verb: '',
  plan: null,
  difference: null,
  refusal: null,
}));
