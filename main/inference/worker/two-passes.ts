import type { DenoiseState, FollowedRun, GenerateJob, GenerateResult, StageTimings } from '../protocol.ts';
import { splitPasses } from '../split-passes.ts';
import { layOver } from '../stages/pixels.ts';
import { resizeImage, resizeLatent, resizeMask } from '../stages/resize.ts';
import { type JobLink, runJob } from './run-job.ts';
import type { WorkerMemory } from './worker-memory.ts';

/**
 * A job in two passes: at a smaller size first, where the model composes well; the result is enlarged and made anew in part
 * at the job's own size. States count the steps of both. One of the second pass holds the last one of the first, so that a
 * run which goes on there decodes the first picture and does none of its steps again.
 *
 * @throws as {@link runJob}
 */
export async function runTwoPasses(
  job: GenerateJob & { readonly hires: NonNullable<GenerateJob['hires']> },
  link: JobLink,
  memory: WorkerMemory,
): Promise<GenerateResult> {
  const { hires, resume, stages, ...plain } = job;
  const passes = splitPasses(plain, hires.firstSteps ?? Infinity);
  const { firstPass } = stages?.keys ?? {};
  let before = 0;
  /** Where the first pass ended; null while forecasts keep states from being told. */
  let end = resume?.before ?? resume;
  const first = await runJob(
    {
      ...smaller(passes.first, hires),
      ...(stages && firstPass ? { stages: { ...stages, keys: firstPass } } : {}),
      resume: end,
    },
    {
      ...link,
      state: (state) => {
        end = state;
        link.state(state);
      },
      progress: (progress) => {
        before = progress.steps;
        // What follows is the second pass; that the first one ends is no stage of the job.
        if (progress.stage === 'denoise')
          link.progress({ ...progress, steps: progress.steps + secondSteps(job) });
      },
    },
    memory,
  );
  const ended = end;
  const second = await runJob(
    {
      ...passes.second,
      ...(stages === undefined ? {} : { stages }),
      steps: hires.steps ?? job.steps,
      ...followedAfter(passes.second, hires.firstSteps ?? 0),
      init: enlarged({ ...passes.second, hires }, first),
      resume: ofSecond(resume),
    },
    {
      ...link,
      state: (state) => {
        if (ended === null) return;
        // A first picture that was decoded in bands for want of memory is this run's own.
        const ordinary = state.ordinary && ended.ordinary && first.circumstances.length === 0;
        link.state({ ...state, step: ended.step + state.step, ordinary, before: ended });
      },
      progress: (progress) =>
        link.progress({ ...progress, step: before + progress.step, steps: before + progress.steps }),
    },
    memory,
  );
  return {
    ...second,
    timings: sumOf(first.timings, second.timings),
    stepMilliseconds: [...first.stepMilliseconds, ...second.stepMilliseconds],
    ...aloneOf(first, second),
    providers: { ...first.providers, ...second.providers },
    notes: [...new Set([...first.notes, ...second.notes])],
    circumstances: [...new Set([...first.circumstances, ...second.circumstances])],
  };
}

/** What a second pass follows, by its own steps. */
function followedAfter(
  { follow, changes }: Pick<GenerateJob, 'follow' | 'changes'>,
  firstSteps: number,
): Pick<GenerateJob, 'follow' | 'changes'> {
  const later = (followed: FollowedRun): FollowedRun => ({
    ...followed,
    latents: new Map(
      [...followed.latents]
        .filter(([step]) => step > firstSteps)
        .map(([step, latent]) => [step - firstSteps, latent]),
    ),
  });
  return {
    ...(follow && { follow: later(follow) }),
    ...(changes && {
      changes: changes.map((change) =>
        change.follow === undefined ? change : { ...change, follow: later(change.follow) },
      ),
    }),
  };
}

/** A state as the second pass knows it; null for one of the first. */
function ofSecond(state: DenoiseState | null): DenoiseState | null {
  if (!state?.before) return null;
  const { before, ...own } = state;
  return { ...own, step: state.step - before.step };
}

/** Steps of the second pass, as far as they can be told before it is set up. */
function secondSteps({ hires, steps }: GenerateJob): number {
  return Math.floor((hires?.steps ?? steps) * (hires?.strength ?? 0));
}

/** The job at another size, with everything that it brings. */
function smaller(
  job: Omit<GenerateJob, 'resume'>,
  { width, height, firstSteps = Infinity }: NonNullable<GenerateJob['hires']>,
): Omit<GenerateJob, 'resume'> {
  const { mask, changes, ...rest } = job;
  const size = { width, height };
  const placed = (adapters: GenerateJob['adapters']): GenerateJob['adapters'] =>
    adapters.map((adapter) =>
      adapter.region === undefined
        ? adapter
        : { ...adapter, region: resizeMask(adapter.region, width, height) },
    );
  return {
    ...rest,
    ...size,
    init: job.init && { ...job.init, image: resizeImage(job.init.image, width, height) },
    ...(mask === undefined ? {} : { mask: resizeMask(mask, width, height) }),
    ...(job.regions === undefined
      ? {}
      : {
          regions: job.regions.map((region) => ({ ...region, mask: resizeMask(region.mask, width, height) })),
        }),
    adapters: placed(job.adapters),
    ...(changes === undefined
      ? {}
      : {
          changes: changes.map((change) => ({
            ...change,
            ...(change.adapters === undefined ? {} : { adapters: placed(change.adapters) }),
            ...(change.mask === undefined ? {} : { mask: resizeMask(change.mask, width, height) }),
            ...(change.follow && {
              follow: {
                mask: resizeMask(change.follow.mask, width, height),
                // Of the first pass: later latents are of the other size.
                latents: new Map([...change.follow.latents].filter(([step]) => step <= firstSteps)),
              },
            }),
          })),
        }),
    ...(job.controls === undefined
      ? {}
      : {
          controls: job.controls.map((control) => ({
            ...control,
            image: resizeImage(control.image, width, height),
          })),
        }),
  };
}

/** What the second pass starts from; kept parts of a masked picture are the picture's own. */
function enlarged(
  { hires, init, mask, width, height }: Omit<GenerateJob, 'resume'>,
  first: GenerateResult,
): GenerateJob['init'] {
  const picture = resizeImage(first, width, height);
  const image = init && mask ? layOver(picture, init.image, mask.coverage) : picture;
  const strength = hires?.strength ?? 1;
  if (hires === undefined || hires.method === 'lanczos') return { image, strength };
  const [channels, rows, columns] = first.latentShape;
  const from = { channels, height: rows, width: columns };
  const to = {
    channels,
    height: (rows * height) / first.height,
    width: (columns * width) / first.width,
  };
  const latent = resizeLatent(first.latent, from, to, hires.method === 'latent-linear');
  return { image, strength, latent };
}

function sumOf(a: StageTimings, b: StageTimings): StageTimings {
  return {
    load: a.load + b.load,
    'encode-prompt': a['encode-prompt'] + b['encode-prompt'],
    'prepare-latent': a['prepare-latent'] + b['prepare-latent'],
    denoise: a.denoise + b.denoise,
    decode: a.decode + b.decode,
  };
}

/** What both take by themselves, where either ran beside other jobs. */
function aloneOf(...passes: readonly GenerateResult[]): Pick<GenerateResult, 'aloneMilliseconds'> {
  if (passes.every(({ aloneMilliseconds }) => aloneMilliseconds === undefined)) return {};
  return { aloneMilliseconds: sum(passes.map(aloneTime)) };
}

function aloneTime({ aloneMilliseconds, stepMilliseconds }: GenerateResult): number {
  return aloneMilliseconds ?? sum(stepMilliseconds);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
