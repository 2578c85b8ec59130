import type { Plan, PlanStage, PriceRow } from '../../../preload/contract/index.ts';
import type { StepWork } from '../count-evaluations.ts';
import type { Price } from '../price.ts';
import type { RunKeys } from './stage-keys.ts';

/** What a plan is made of. */
export interface PlannedRun {
  readonly keys: RunKeys;
  readonly price: Price;
  readonly work: readonly StepWork[];
  /** Steps of the first of two passes; all there are where there is one. */
  readonly firstPass: number;
  /** Steps at which something changes. */
  readonly changes: readonly number[];
  /** Whether there is a picture to start from, a mask to lay over, ControlNets. */
  readonly init: boolean;
  readonly mask: boolean;
  /** Seconds that drawing what each ControlNet is shown takes. */
  readonly controlSeconds: readonly number[];
  /** The run that this one follows outside a mask, and the step from which on they differ. */
  readonly followed: { readonly run: PlannedRun; readonly step: number } | null;
  /** Where an outcome is already. */
  readonly where: (key: string) => 'memory' | 'disk' | null;
}

type Draft = Omit<PlanStage, 'runs'>;

const WHAT: Readonly<Record<PlanStage['kind'], string>> = {
  'encode-text': 'Reading the prompt',
  'encode-image': 'Reading the picture',
  'control-features': 'Preparing control pictures',
  noise: 'Noise',
  denoise: 'Painting',
  decode: 'Making pixels',
  post: 'Laying it over',
};

/**
 * The graph of a run: every stage with its key, where its outcome is, and whether it has to be computed, which goes
 * back from the picture until something that is there.
 */
export function buildPlan(run: PlannedRun): Plan {
  const drafts = draftRun(run);
  const byId = new Map(drafts.map((stage) => [stage.id, stage]));
  const needed = new Set<string>();
  const visit = (id: string): void => {
    const stage = byId.get(id);
    if (stage === undefined || stage.cached !== null || needed.has(id)) return;
    needed.add(id);
    stage.inputs.forEach(visit);
  };
  visit(drafts.at(-1)?.id ?? '');
  const stages = drafts.map((stage) => ({ ...stage, runs: needed.has(stage.id) }));
  const sum = (of: (stage: PlanStage) => number): number => stages.reduce((all, stage) => all + of(stage), 0);
  return {
    stages,
    seconds: sum(({ runs, seconds }) => (runs ? seconds : 0)),
    slowSeconds: sum(({ runs, slowSeconds }) => (runs ? slowSeconds : 0)),
    savedSeconds: sum(({ runs, seconds }) => (runs ? 0 : seconds)),
    onceSeconds: needed.size > 0 ? run.price.load : 0,
    measured: run.price.measured,
    rows: priceRows(stages),
    eased: [],
  };
}

/** The stages of a run, before them those of what it follows that are not its own. */
function draftRun(run: PlannedRun): Draft[] {
  const own = draftStages(run);
  const { followed } = run;
  if (followed === null) return own;
  const others = draftRun(followed.run);
  const shared = new Map(own.map(({ key, id }) => [key, id]));
  const named = (id: string): string => {
    const key = others.find((stage) => stage.id === id)?.key ?? '';
    return shared.get(key) ?? `followed-${id}`;
  };
  const before = others
    .filter(({ key }) => !shared.has(key))
    .map((stage) => ({ ...stage, id: named(stage.id), inputs: stage.inputs.map(named) }));
  const follows = ({ id, kind }: Draft): string[] => {
    const step = kind === 'denoise' ? Number(id.replace('state-', '')) : Number.NaN;
    return step > followed.step ? [named(id)] : kind === 'decode' ? [named('picture')] : [];
  };
  return [...before, ...own.map((stage) => ({ ...stage, inputs: [...stage.inputs, ...follows(stage)] }))];
}

/** Stages in an order in which each comes after what it reads; the picture last. */
function draftStages({
  keys,
  price,
  work,
  firstPass,
  changes,
  where,
  init,
  mask,
  controlSeconds,
}: PlannedRun): Draft[] {
  const { stages, states, picture } = keys;
  const drafts: Draft[] = [];
  const add = (
    id: string,
    kind: Draft['kind'],
    key: string,
    inputs: string[],
    seconds: number,
    slow: number,
  ): void => {
    drafts.push({ id, kind, key, inputs, cached: where(key), seconds, slowSeconds: slow });
  };
  const rowsOf = ({ text }: typeof stages) =>
    text.map(({ prompt, negative, mix }) => [prompt, negative, ...(mix === null ? [] : [mix])]);
  const [firstRows, rows] = [rowsOf(stages.firstPass ?? stages), rowsOf(stages)];
  const texts = [...new Set([...firstRows, ...rows].flat())];
  const imageKey = (stages.firstPass ?? stages).image;
  // Preparing is timed as a whole: text, picture and noise.
  const prepared = texts.length + (init ? 1 : 0) + 1;
  const share = [price.prepare / prepared, price.slow.prepare / prepared] as const;
  for (const [i, key] of texts.entries()) add(`text-${i}`, 'encode-text', key, [], ...share);
  if (imageKey !== null) add('image', 'encode-image', imageKey, [], ...share);
  const nets: string[] = [];
  for (const [i, key] of keys.controls.entries()) {
    if (key === null) continue;
    const seconds = controlSeconds[i] ?? 0;
    add(`control-${i}`, 'control-features', key, [], seconds, 2 * seconds);
    nets.push(`control-${i}`);
  }
  add('state-0', 'noise', states[0] ?? '', imageKey === null ? [] : ['image'], ...share);
  const evaluations = work.reduce((all, step) => all + weight(step), 0) / Math.max(1, work.length);
  for (const [step, key] of states.slice(1).entries()) {
    const part = weight(work[step]) / (evaluations || 1);
    const before = (from: number): number => changes.filter((at) => at >= from && at <= step).length;
    const row = (step < firstPass ? firstRows[before(0)] : rows[before(firstPass)]) ?? [];
    const read = row.map((key) => `text-${texts.indexOf(key)}`);
    const inputs = [`state-${step}`, ...read, ...nets];
    add(`state-${step + 1}`, 'denoise', key, inputs, price.step * part, price.slow.step * part);
  }
  const last = `state-${states.length - 1}`;
  add('picture', 'decode', picture, [last], price.decode, price.slow.decode);
  if (mask) add('laid-over', 'post', picture, ['picture'], 0, 0);
  return drafts;
}

function weight(work: StepWork | undefined): number {
  return work === undefined ? 1 : (work.evaluations + work.controls) * (work.guided ? 2 : 1);
}

function priceRows(stages: readonly PlanStage[]): PriceRow[] {
  const kinds = [...new Set(stages.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const own = stages.filter((stage) => stage.kind === kind);
    const running = own.filter(({ runs }) => runs);
    return {
      what: WHAT[kind],
      runs: running.length,
      of: own.length,
      seconds: running.reduce((sum, { seconds }) => sum + seconds, 0),
      savedSeconds: own.reduce((sum, { runs, seconds }) => sum + (runs ? 0 : seconds), 0),
    };
  });
}
