import type { GenerateJob, GenerateResult, StageTimings } from '../protocol.ts';
import { layOver } from '../stages/pixels.ts';
import { resizeImage, resizeLatent, resizeMask } from '../stages/resize.ts';
import { type JobLink, runJob } from './run-job.ts';
import type { WorkerMemory } from './worker-memory.ts';

/**
 * A job in two passes: at a smaller size first, where the model composes well; the result is enlarged and made anew in part
 * at the job's own size. Only the second pass tells states to go on from, so a run that goes on makes the first one again.
 *
 * @throws as {@link runJob}
 */
export async function runTwoPasses(
  job: GenerateJob & { readonly hires: NonNullable<GenerateJob['hires']> },
  link: JobLink,
  memory: WorkerMemory,
): Promise<GenerateResult> {
  const { hires, ...plain } = job;
  let before = 0;
  const first = await runJob(
    smaller(plain, hires.width, hires.height),
    {
      ...link,
      state: () => {},
      stage: () => {},
      progress: (progress) => {
        before = progress.steps;
        // What follows is the second pass; that the first one ends is no stage of the job.
        if (progress.stage === 'denoise')
          link.progress({ ...progress, steps: progress.steps + secondSteps(job) });
      },
    },
    memory,
  );
  const second = await runJob(
    { ...plain, steps: hires.steps ?? job.steps, init: enlarged(job, first) },
    {
      ...link,
      progress: (progress) =>
        link.progress({ ...progress, step: before + progress.step, steps: before + progress.steps }),
    },
    memory,
  );
  return {
    ...second,
    timings: sumOf(first.timings, second.timings),
    stepMilliseconds: [...first.stepMilliseconds, ...second.stepMilliseconds],
    providers: { ...first.providers, ...second.providers },
    notes: [...new Set([...first.notes, ...second.notes])],
  };
}

/** Steps of the second pass, as far as they can be told before it is set up. */
function secondSteps({ hires, steps }: GenerateJob): number {
  return Math.floor((hires?.steps ?? steps) * (hires?.strength ?? 0));
}

/** The job at another size, with everything that it brings. */
function smaller(job: GenerateJob, width: number, height: number): GenerateJob {
  const { mask, stages: _ownSize, ...rest } = job;
  const size = { width, height };
  return {
    ...rest,
    ...size,
    resume: null,
    init: job.init && { ...job.init, image: resizeImage(job.init.image, width, height) },
    ...(mask === undefined ? {} : { mask: resizeMask(mask, width, height) }),
    ...(job.regions === undefined
      ? {}
      : {
          regions: job.regions.map((region) => ({ ...region, mask: resizeMask(region.mask, width, height) })),
        }),
    adapters: job.adapters.map((adapter) =>
      adapter.region === undefined
        ? adapter
        : { ...adapter, region: resizeMask(adapter.region, width, height) },
    ),
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
  { hires, init, mask, width, height }: GenerateJob,
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
