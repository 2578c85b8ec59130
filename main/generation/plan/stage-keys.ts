import { mapped } from '../../../native-models/text/mapped-text.ts';
import { schedulePrompt } from '../../../native-models/text/prompt-schedule.ts';
import { takeTags } from '../../../native-models/text/prompt-tags.ts';
import type { Recipe, RecipeChange } from '../../../preload/contract/index.ts';
import type { GenerateJob, StageKeys } from '../../inference/protocol.ts';
import { splitPasses } from '../../inference/split-passes.ts';
import { canonicalHash } from '../canonical-json.ts';
import type { Evaluations } from '../count-evaluations.ts';
import type { Engine } from './engine.ts';
import { followedRecipe } from './followed-recipe.ts';
import { jobIdentity } from './job-identity.ts';
import { type RecipeIdentity, recipeIdentity } from './recipe-identity.ts';

/** Layout of the keys and of what is kept under them; another one shares nothing with earlier ones. */
const LAYOUT = 4;

/** The names of everything that a run computes, each a hash of its own parameters and of the names of its inputs. */
export interface RunKeys {
  readonly stages: StageKeys;
  /** What each ControlNet is shown; null for a picture that it is shown as it is. */
  readonly controls: readonly (string | null)[];
  /** Of the state after k steps, k from 0 to the number of steps; the last is the finished latent. */
  readonly states: readonly string[];
  readonly picture: string;
}

/** What the keys of a run are made of. */
export interface KeyedRun {
  readonly recipe: Recipe;
  readonly job: GenerateJob;
  /** What runs, and what would without the changes on the way. */
  readonly evaluations: Pick<Evaluations, 'steps' | 'firstPass'>;
  readonly unchanged: Pick<Evaluations, 'steps' | 'firstPass'>;
  readonly engine: Engine;
  /** Whether the network sees pictures through the autoencoder even without one to start from (inpainting models). */
  readonly seesPictures: boolean;
}

/** What is settled at a step of a run. */
interface Settled {
  readonly prompt: string;
  readonly negative: string;
  readonly guidance: number;
  readonly adapters: RecipeIdentity['adapters'];
  /** False once a change has laid another schedule, on which steps count differently. */
  readonly counted: boolean;
}

/**
 * Names the stages of a run. The state after step k + 1 is named by the state before it and by what that step alone
 * reads, so that runs which differ later only share their beginning. Fields of the recipe and the job that nothing here
 * knows of are part of every state's name.
 *
 * @returns null when something in the job has no name by content.
 */
export function nameStages(run: KeyedRun): RunKeys | null {
  const rest = jobIdentity(run.job);
  if (rest === null) return null;
  const { evaluations, unchanged } = run;
  const recipe = recipeIdentity(run.recipe);
  const followed = followedRun(run);
  if (recipe.hires !== undefined) return nameTwoPasses({ ...run, followed }, rest, recipe, recipe.hires);
  const [steps, firstSteps] = [evaluations.steps, unchanged.steps];
  return namePass({ ...run, rest, recipe, steps, firstSteps, followed });
}

/** A run that another follows outside a mask: how long they are one, and the names of what is followed. */
interface Followed {
  readonly step: number;
  /** By the steps that are done, as the follower's pass counts them. */
  readonly states: readonly string[];
  readonly picture: string;
}

function followedRun(run: KeyedRun): Followed | null {
  const original = followedRecipe(run.recipe);
  const keys = original && nameStages({ ...run, recipe: original.recipe });
  return keys && { step: original.step, states: keys.states, picture: keys.picture };
}

/** One pass of a run. */
interface KeyedPass extends Pick<KeyedRun, 'job' | 'engine' | 'seesPictures'> {
  readonly rest: object;
  readonly recipe: RecipeIdentity;
  /** Steps that run, and those that would without the changes on the way. */
  readonly steps: number;
  readonly firstSteps: number;
  /** What else decides what it begins with. */
  readonly from?: unknown;
  readonly followed: Followed | null;
}

/**
 * A first pass that reads no pixels is what a single pass of its size is, and shares its names. The second pass is named by
 * the end of the first and by how that is enlarged.
 */
function nameTwoPasses(
  { evaluations, unchanged, followed, ...run }: KeyedRun & Pick<KeyedPass, 'followed'>,
  rest: object,
  recipe: RecipeIdentity,
  hires: NonNullable<Recipe['hires']>,
): RunKeys {
  const { width, height } = hires;
  const { hires: _hires, ...plain } = recipe;
  const recipes = splitPasses(plain, evaluations.firstPass);
  // The worker brings masks and pictures to the first pass's size in its own way.
  const resized = readsPixels(plain) ? { of: [plain.width, plain.height] } : undefined;
  const first = namePass({
    ...run,
    rest: { ...rest, width, height },
    recipe: { ...recipes.first, width, height },
    steps: evaluations.firstPass,
    firstSteps: unchanged.firstPass,
    from: resized,
    followed,
  });
  const second = namePass({
    ...run,
    rest,
    recipe: recipes.second,
    seesPictures: true,
    steps: evaluations.steps - evaluations.firstPass,
    firstSteps: unchanged.steps - unchanged.firstPass,
    from: { hires, first: first.states.at(-1) },
    followed: followed && {
      ...followed,
      step: followed.step - evaluations.firstPass,
      states: followed.states.slice(evaluations.firstPass),
    },
  });
  return {
    stages: { ...second.stages, image: null, firstPass: first.stages },
    controls: second.controls,
    states: [...first.states, ...second.states.slice(1)],
    picture: second.picture,
  };
}

function readsPixels({ init, regions, controls, adapters, changes = [] }: RecipeIdentity): boolean {
  const acting = [...adapters, ...changes.flatMap((change) => change.adapters ?? [])];
  return (
    init !== null ||
    (regions ?? []).length > 0 ||
    (controls ?? []).length > 0 ||
    acting.some(({ region }) => region !== undefined)
  );
}

function namePass(run: KeyedPass): RunKeys {
  const { steps, firstSteps, engine, rest, recipe, from, followed } = run;
  const parts = settledParts(recipe);
  const changes = recipe.changes ?? [];
  const base = canonicalHash({
    layout: LAYOUT,
    stage: 'noise',
    engine,
    rest,
    from,
    recipe: {
      ...recipe,
      prompt: undefined,
      negative: undefined,
      guidance: undefined,
      mix: undefined,
      adapters: recipe.adapters.map(({ sha256 }) => sha256),
      controls: recipe.controls?.map(({ sha256 }) => sha256),
      changes: undefined,
      vae: recipe.init !== null || run.seesPictures ? recipe.vae : undefined,
    },
  });
  const states = [base];
  const said = wordsByStep(firstSteps);
  for (let step = 0; step < steps; step += 1) {
    const part = changes.filter((change) => change.step <= step).length;
    const settled = parts[part] ?? parts[0];
    states.push(
      canonicalHash({
        layout: LAYOUT,
        stage: 'denoise',
        before: states[step],
        enters: changes.filter((change) => change.step === step).flatMap(entering),
        reads: readAt(recipe, settled, step, firstSteps, said),
        follows: followed && step >= followed.step ? followed.states[step + 1] : undefined,
      }),
    );
  }
  return {
    stages: {
      text: parts.map((settled) => ({
        prompt: textKey(run, recipe, settled, settled.prompt, false),
        negative: textKey(run, recipe, settled, settled.negative, true),
        mix: recipe.mix ? textKey(run, recipe, settled, recipe.mix.prompt, false) : null,
      })),
      image: recipe.init === null ? null : imageKey(run, recipe, recipe.init.sha256),
    },
    controls: (recipe.controls ?? []).map(({ picture, prepare }) =>
      prepare === 'as-is'
        ? null
        : featureKey(engine, { picture, prepare, width: recipe.width, height: recipe.height }),
    ),
    states,
    picture: canonicalHash({
      layout: LAYOUT,
      stage: 'decode',
      latent: states.at(-1),
      vae: recipe.vae,
      follows: followed?.picture,
      recipe: {
        init: recipe.init,
        mask: recipe.mask,
        changes: recipe.changes?.map(({ mask }) => mask ?? null),
      },
    }),
  };
}

/** What a change brings besides what the steps after it read. */
function entering({
  noise,
  mask,
  within,
  steps,
  adapters,
}: Omit<RecipeChange, 'adapters'> & { adapters?: unknown }) {
  // Adapters of another set make another network, whatever their strengths.
  const brought = { noise: noise?.theta === 0 ? undefined : noise, mask, within, steps, adapters };
  return Object.values(brought).some((value) => value !== undefined) ? [brought] : [];
}

function settledParts(recipe: RecipeIdentity): [Settled, ...Settled[]] {
  const { prompt, negative, guidance, adapters } = recipe;
  const parts: [Settled, ...Settled[]] = [{ prompt, negative, guidance, adapters, counted: true }];
  for (const change of recipe.changes ?? []) {
    const before = parts.at(-1) ?? parts[0];
    parts.push({
      prompt: change.prompt ?? before.prompt,
      negative: change.negative ?? before.negative,
      guidance: change.guidance ?? before.guidance,
      adapters: change.adapters ?? before.adapters,
      counted: before.counted && change.steps === undefined,
    });
  }
  return parts;
}

/** What a step reads. Where steps cannot be counted, everything that a prompt or an adapter says of the whole run. */
function readAt(
  recipe: RecipeIdentity,
  settled: Settled,
  step: number,
  steps: number,
  saidAt: WordsByStep,
): unknown {
  const { prompt, negative, guidance, counted } = settled;
  const acting = <T extends { sha256: string; start?: number | undefined; end?: number | undefined }>(
    parts: readonly T[],
  ) =>
    parts.map((part) => {
      const share = step / steps;
      const acts = !counted || (share >= (part.start ?? 0) && share < (part.end ?? 1));
      return acts ? { ...part, start: undefined, end: undefined } : { sha256: part.sha256 };
    });
  const said = (text: string): unknown => (counted ? saidAt(text, step) : { whole: text });
  return {
    prompt: said(prompt),
    mix: recipe.mix && { said: said(recipe.mix.prompt), share: recipe.mix.share },
    negative: guidance === 1 ? null : { said: said(negative), silent: negative === '' },
    guidance,
    text: settled.adapters.map(textStrength),
    adapters: counted ? acting(settled.adapters) : settled.adapters,
    controls: recipe.controls && (counted ? acting(recipe.controls) : recipe.controls),
  };
}

function textStrength({ sha256, strength, textStrength: own }: RecipeIdentity['adapters'][number]) {
  return { sha256, strength: own ?? strength };
}

type WordsByStep = (text: string, step: number) => string;

/** What prompts say at a step, tags and schedules resolved; each is read once. */
function wordsByStep(steps: number): WordsByStep {
  const read = new Map<string, ReturnType<typeof schedulePrompt>>();
  return (text, step) => {
    const ranges = read.get(text) ?? schedulePrompt(takeTags(mapped(text)).content, steps);
    read.set(text, ranges);
    return (ranges.find(({ to }) => step < to) ?? ranges.at(-1))?.content.text ?? text;
  };
}

function textKey(
  { job, engine, steps, firstSteps }: KeyedPass,
  recipe: RecipeIdentity,
  { adapters, counted }: Settled,
  text: string,
  negative: boolean,
): string {
  const { width, height, model, clipSkip, embeddings, precision, device } = recipe;
  return canonicalHash({
    layout: LAYOUT,
    stage: 'encode-text',
    engine,
    // SDXL is told the size of the picture with the text.
    recipe: { width, height, model, clipSkip, embeddings, precision, device },
    compute: job.compute,
    syntax: { kind: job.promptSyntax, padWithEndToken: job.padWithEndToken },
    adapters: adapters.map(textStrength),
    text,
    silent: negative && text === '',
    // Only brackets mean a place in the run.
    steps: text.includes('[') ? (counted ? [firstSteps] : [firstSteps, steps]) : undefined,
  });
}

/** The name of what is drawn of a picture for a ControlNet. @param picture SHA-256 of its pixels at that size */
export function featureKey(
  engine: Engine,
  {
    picture,
    prepare,
    width,
    height,
  }: {
    readonly picture: string;
    readonly prepare: string;
    readonly width: number;
    readonly height: number;
  },
): string {
  return canonicalHash({
    layout: LAYOUT,
    stage: 'control-features',
    engine,
    picture,
    prepare,
    width,
    height,
  });
}

function imageKey({ job, engine, from }: KeyedPass, recipe: RecipeIdentity, picture: string): string {
  const { width, height, model, vae, precision, device, outpaint, local } = recipe;
  // Of one picture and size, what is encoded depends on the part that was cut out and on the borders around it.
  const part = local && { x: local.x, y: local.y, width: local.width, height: local.height };
  return canonicalHash({
    layout: LAYOUT,
    stage: 'encode-image',
    engine,
    recipe: { width, height, model, vae, precision, device, outpaint, part },
    compute: job.compute,
    from,
    picture,
  });
}
