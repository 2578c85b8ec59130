import type { Plan, PlanStage } from '../../preload/contract/index.ts';

/** Whether a stage is there, will be computed, or is not needed since what comes after it is there. */
export type StageState = 'kept' | 'to-do' | 'not-needed';

/** A stage in its place, in a drawing of columns and rows. */
export interface DrawnStage {
  readonly id: string;
  readonly kind: PlanStage['kind'];
  readonly state: StageState;
  readonly column: number;
  readonly row: number;
}

/** A plan as a drawing. */
export interface DrawnPlan {
  readonly stages: readonly DrawnStage[];
  /** From what is read to what reads it. */
  readonly edges: readonly { readonly from: DrawnStage; readonly to: DrawnStage }[];
  readonly columns: number;
  readonly rows: number;
}

/** What is read at the beginning; what a run goes through; what another run that is followed goes through. */
const ROWS = { inputs: 0, run: 1, followed: 2 } as const;

function rowOf({ id, kind }: PlanStage): number {
  if (kind === 'encode-text' || kind === 'encode-image' || kind === 'control-features') return ROWS.inputs;
  return id.startsWith('followed-') ? ROWS.followed : ROWS.run;
}

/** What a stage is to its plan. */
export function stageState({ runs, cached }: Pick<PlanStage, 'runs' | 'cached'>): StageState {
  if (runs) return 'to-do';
  return cached === null ? 'not-needed' : 'kept';
}

/**
 * Lays a plan out from left to right: what is read in the top row, steps in the middle one in their order, those of a run that is
 * followed below the step that reads them. An input is tied to the first stage that reads it, and each step to the one before.
 */
export function drawPlan({ stages }: Pick<Plan, 'stages'>): DrawnPlan {
  const count = { inputs: 0, run: 0 };
  const steps = new Map<string, number>();
  const drawn = new Map<string, DrawnStage>();
  for (const stage of stages) {
    const row = rowOf(stage);
    const plain = stage.id.replace(/^(followed-)+/, '');
    if (row === ROWS.run) steps.set(plain, (count.run += 1) - 1);
  }
  for (const stage of stages) {
    const row = rowOf(stage);
    const plain = stage.id.replace(/^(followed-)+/, '');
    const column = row === ROWS.inputs ? (count.inputs += 1) - 1 : (steps.get(plain) ?? 0);
    drawn.set(stage.id, { id: stage.id, kind: stage.kind, state: stageState(stage), column, row });
  }
  const tied = new Set<string>();
  const edges = stages.flatMap((stage) =>
    stage.inputs.flatMap((input) => {
      const [from, to] = [drawn.get(input), drawn.get(stage.id)];
      if (from === undefined || to === undefined) return [];
      if (from.row === ROWS.inputs) {
        if (tied.has(input)) return [];
        tied.add(input);
      }
      return [{ from, to }];
    }),
  );
  const all = [...drawn.values()];
  return {
    stages: all,
    edges,
    columns: Math.max(1, ...all.map(({ column }) => column + 1)),
    rows: Math.max(1, ...all.map(({ row }) => row + 1)),
  };
}
