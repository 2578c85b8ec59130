import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import {
  type GenerationRequest,
  type Raster,
  type Recipe,
  recipeSchema,
  StudioError,
} from '../../preload/contract/index.ts';
import type { DeviceReport } from '../inference/devices/device-report.ts';
import type { ComputeSettings, GenerateJob, HiresChoice } from '../inference/protocol.ts';
import type { LibraryModel, ModelLibrary } from '../models/model-library.ts';
import { chooseAdapters, type RequestNotice } from './choose-adapters.ts';
import { chooseForm, type ChosenForm, type FormGate } from './choose-form.ts';
import { countEvaluations, type Evaluations } from './count-evaluations.ts';
import { given } from './given.ts';
import { drawFeatures, type MakeFeatures } from './control-features/feature-maker.ts';
import { fileName, hashVae } from './hash-vae.ts';
import type { InputStore } from './inputs/input-store.ts';
import { type LocalEdit, planLocalEdit } from './local-edit/local-edit.ts';
import { type PreparedInputs, prepareInputs } from './prepare-inputs.ts';
import { followedRecipe } from './plan/followed-recipe.ts';
import { type ChangedPart, type ResolvedChanges, resolveChanges } from './resolve-changes.ts';
import { samplerId } from './sampler-id.ts';

/** A request made complete: what the worker runs, and how its recipe is written down. */
export interface ResolvedRequest {
  readonly model: LibraryModel;
  readonly job: GenerateJob;
  readonly evaluations: Evaluations;
  /** What would run without the changes on the way. */
  readonly unchanged: Evaluations;
  /** Whether the network sees pictures through the autoencoder even without one to start from (inpainting models). */
  readonly seesPictures: boolean;
  /** Whether everything is computed anew and nothing of it kept. */
  readonly fresh: boolean;
  /** What was left out of the request, and why. */
  readonly notices: readonly RequestNotice[];
  /** A form of computing that has to be checked on this model first; null when nothing has. */
  readonly check: ChosenForm['check'];
  /**
   * The recipe of the picture once `device` has computed it, with linear layers in `linear` where that was not the
   * file's own form. Waits for hashes that are still being computed.
   * @throws StudioError `models/file-missing`
   */
  readonly recipe: (device: string, linear?: Recipe['linear']) => Promise<Recipe>;
  /** The run that this one follows outside a mask; null where it follows none. */
  readonly follow: FollowedRequest | null;
  /** What is done with the worker's picture before it is kept. */
  readonly finish: (painted: Raster) => Promise<Raster>;
}

/** A run that is followed outside a part of the picture. */
export interface FollowedRequest extends ChangedPart {
  readonly original: ResolvedRequest;
  /** Which change brought the part in, and the step from which on the two differ. */
  readonly index: number;
  readonly step: number;
}

/** What a request is resolved against. */
export interface Resolver {
  readonly library: Pick<ModelLibrary, 'get' | 'fitAdapter' | 'findAdapter' | 'hashFile'>;
  readonly devices: () => Promise<DeviceReport>;
  /** Says which forms of computing may be used; without it, all. */
  readonly gate?: FormGate | undefined;
  /** A preview after every so many steps; 0 for none. */
  readonly previewEvery: number;
  readonly inputs: InputStore;
  /** Draws what ControlNets are shown; left out, it is drawn each time. */
  readonly features?: MakeFeatures;
}

/**
 * Checks a request against its model and brings in everything that it only names.
 *
 * @throws StudioError `models/…`, `generation/size-unsupported`, `generation/no-step-left`, `generation/mask-…`,
 *   `generation/form-refused`
 * @throws ModelError for a sampler or a number of steps that there is not, and for files that cannot be used
 */
export async function resolveRequest(
  requested: GenerationRequest,
  resolver: Resolver,
): Promise<ResolvedRequest> {
  const sampler = samplerId(requested.sampler);
  const model = await resolver.library.get(requested.modelId);
  const local = requested.local ? await planLocalEdit(requested, requested.local, model.card) : null;
  const asked = local?.request ?? requested;
  checkSize(asked, model);
  const hires =
    asked.hires && checkHires({ ...asked.hires, method: asked.hires.method ?? 'lanczos' }, asked, model);
  const evaluations = countEvaluations({ ...asked, strength: asked.init?.strength ?? null });
  if (evaluations.steps === 0) throw noStepLeft(asked);
  const { adapters, notices } = await chooseAdapters(asked, model, resolver.library);
  const request = { ...asked, sampler };
  const inputs = await prepareInputs(request, adapters, resolver.inputs, resolver.features ?? drawFeatures);
  if (local && requested.init) {
    await resolver.inputs.keepPicture(requested.init.raster, local.recipe.init);
    await resolver.inputs.keepMask(local.mask, local.recipe.mask);
  }
  const changes = await resolveChanges(request, model, resolver.library, resolver.inputs, {
    ...((local && requested.init?.raster) ?? request),
    part: local?.recipe.local ?? null,
  });
  const followed = changes.within && followedRecipe(requested);
  const hashes = hashInBackground(model, { request, inputs, changes }, resolver);
  const report = await resolver.devices();
  const { fewerBits, check, ...form } = await chooseForm(
    asked.precision ?? 'auto',
    model,
    report,
    resolver.gate,
  );
  const compute = { ...form.compute, ...given({ threads: asked.threads }) };
  return {
    model,
    evaluations,
    unchanged:
      asked.changes === undefined
        ? evaluations
        : countEvaluations({ ...asked, strength: asked.init?.strength ?? null, changes: [] }),
    // Only another autoencoder makes a difference of it.
    fresh: asked.fresh === true,
    seesPictures: asked.vae !== undefined && (await openCheckpoint(model.path)).inpainting,
    check,
    notices: [...notices, ...inputs.notices, ...changes.notices, ...form.notices],
    job: {
      model: { kind: model.kind, path: model.path },
      prompt: request.prompt,
      negative: request.negative,
      ...given({
        clipSkip: request.clipSkip,
        guidanceRescale: request.guidanceRescale,
        guidanceInterval: request.guidanceInterval,
        reuseOutputs: request.approximations?.outputs,
      }),
      sampler: { id: request.sampler },
      steps: request.steps,
      guidance: request.guidance,
      seed: request.seed,
      noise: request.noise,
      width: request.width,
      height: request.height,
      ...inputs.job,
      ...(hires && { hires: { ...hires, firstSteps: evaluations.firstPass } }),
      ...(local === null ? {} : { layOver: false }),
      adapters,
      ...given({ vae: request.vae, mix: request.mix }),
      ...(changes.job.length > 0 ? { changes: changes.job } : {}),
      previewEvery: resolver.previewEvery,
      compute,
      ...given({ fewerBits }),
      resume: null,
    },
    follow: followed &&
      changes.within && {
        ...changes.within,
        original: await resolveRequest(followed.recipe, resolver),
        index: followed.index,
        step: followed.step,
      },
    finish: local?.finish ?? ((painted) => Promise.resolve(painted)),
    async recipe(device, linear = compute.linear) {
      const { modelHash, named } = await hashes;
      // Parsed for its check and for its order: equal recipes are written alike.
      return recipeSchema.parse({
        ...chosen(request, compute),
        ...given({ linear, hires }),
        ...named,
        ...(local === null ? {} : namedLocally(named, local)),
        device,
        model: { sha256: modelHash, name: model.card.name, family: model.card.family },
      });
    },
  };
}

/** A local edit is named by its whole picture and mask, and by the part that was worked on. */
function namedLocally({ init }: Partial<Recipe>, { recipe }: LocalEdit): Partial<Recipe> {
  return {
    ...(init ? { init: { ...init, sha256: recipe.init } } : {}),
    mask: recipe.mask,
    local: recipe.local,
  };
}

/** What the request itself says of the recipe. */
function chosen(request: GenerationRequest, compute: ComputeSettings): Partial<Recipe> {
  const { prompt, negative, sampler, steps, guidance, seed, noise, width, height, clipSkip } = request;
  return {
    version: 1,
    prompt,
    negative,
    sampler,
    steps,
    guidance,
    seed,
    noise,
    width,
    height,
    // The last layer is what leaving it out means.
    ...(request.guidanceRescale ? { guidanceRescale: request.guidanceRescale } : {}),
    ...given({ guidanceInterval: request.guidanceInterval }),
    ...(clipSkip === undefined || clipSkip === 1 ? {} : { clipSkip }),
    ...given({ mix: request.mix, lineage: request.lineage, eased: request.eased }),
    ...namedApproximations(request),
    threads: compute.threads,
    precision: compute.precision,
  };
}

/** What is approximate in fact. */
function namedApproximations({ approximations = {} }: GenerationRequest): Pick<Recipe, 'approximations'> {
  const { outputs, prompts } = approximations;
  const named = given({ outputs, prompts: prompts?.begunAs === undefined ? undefined : prompts });
  return Object.keys(named).length === 0 ? {} : { approximations: named };
}

/** Everything of a request that a recipe names by hash. */
interface Hashed {
  readonly request: GenerationRequest;
  readonly inputs: PreparedInputs;
  readonly changes: ResolvedChanges;
}

type Named = Awaited<ReturnType<PreparedInputs['recipe']>> & Pick<Recipe, 'vae' | 'changes'>;

/** Begins hashing before the job runs, so that the picture seldom has to wait for it. */
function hashInBackground(
  model: LibraryModel,
  { request, inputs, changes }: Hashed,
  { library }: Resolver,
): Promise<{ modelHash: string; named: Named }> {
  const { hashFile } = library;
  const name = async (): Promise<Named> => {
    const { vae } = request;
    const differing = await changes.recipe(hashFile);
    return {
      ...(await inputs.recipe(hashFile)),
      ...(vae === undefined ? {} : { vae: { sha256: await hashVae(vae, hashFile), name: fileName(vae) } }),
      ...(differing.length > 0 ? { changes: differing } : {}),
    };
  };
  const hashes = Promise.all([model.sha256(), name()]).then(([modelHash, named]) => ({ modelHash, named }));
  // Whoever asks for the recipe hears of a failure; until then it is nobody's unhandled rejection.
  hashes.catch(() => {});
  return hashes;
}

function checkSize({ width, height }: GenerationRequest, { card }: LibraryModel): void {
  const multiple = card.sizeMultiple;
  if (width % multiple === 0 && height % multiple === 0) return;
  const near = (edge: number): number => Math.max(multiple, Math.round(edge / multiple) * multiple);
  throw new StudioError(
    'generation/size-unsupported',
    `${width} × ${height} px does not fit ${card.name}: width and height must be multiples of ${multiple}. Nothing was started.`,
    `Use ${near(width)} × ${near(height)}.`,
  );
}

/** @throws StudioError `generation/size-unsupported`, `generation/hires-…` */
function checkHires(
  { steps, ...plain }: NonNullable<Recipe['hires']>,
  asked: GenerationRequest,
  model: LibraryModel,
): HiresChoice {
  const hires: HiresChoice = { ...plain, ...given({ steps }) };
  checkSize({ ...asked, width: hires.width, height: hires.height }, model);
  if (hires.width > asked.width || hires.height > asked.height) {
    throw new StudioError(
      'generation/hires-larger',
      `The first pass of ${hires.width} × ${hires.height} px is larger than the picture of ${asked.width} × ${asked.height}. Nothing was started.`,
      'Make the first pass smaller.',
    );
  }
  if (hires.method !== 'lanczos' && asked.mask) {
    throw new StudioError(
      'generation/hires-method',
      `A masked picture cannot be enlarged by ${hires.method}: its own pixels would be lost. Nothing was started.`,
      'Choose lanczos.',
    );
  }
  return hires;
}

function noStepLeft({ steps, init, hires }: GenerationRequest): StudioError {
  return new StudioError(
    'generation/no-step-left',
    `${steps} steps at strength ${init?.strength ?? hires?.strength} leave no step to run. Nothing was started.`,
    `Raise the strength to ${Math.ceil(100 / steps) / 100} or more, or take more steps.`,
  );
}
