import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import { countOperations } from '../../../native-models/onnx/count-operations.ts';
import { GraphBuilder } from '../../../native-models/onnx/graph-builder.ts';
import { predictMemory } from '../../../native-models/onnx/liveness.ts';
import { StudioError } from '../../../preload/contract/index.ts';
import { usableMemory } from '../../inference/sessions/usable-memory.ts';
import type { OpenedModel } from '../../inference/stages/opened-model.ts';
import { buildTrainingGraph, type MemoryForm, type TrainingSize } from '../training-graph.ts';
import type { TrainingJob, TrainingPlan } from '../training-job.ts';
import type { TrainedMatrix } from '../trained-matrices.ts';
import type { TrainingExample } from './prepare-examples.ts';
import { createTrainingSession } from './training-session.ts';

const MiB = 2 ** 20;

/** From what is fastest to what holds least. */
const forms: readonly MemoryForm[] = [
  { segmentBytes: undefined, attention: 'plain' },
  { segmentBytes: 512 * MiB, attention: { maxScoreBytes: 256 * MiB } },
  { segmentBytes: 256 * MiB, attention: { maxScoreBytes: 128 * MiB } },
  { segmentBytes: 128 * MiB, attention: { maxScoreBytes: 64 * MiB } },
  { segmentBytes: 32 * MiB, attention: { maxScoreBytes: 16 * MiB } },
];

/** What training reaches of the rate of a large product of matrices; measured with SD 1.5's and the embedded model's UNet. */
const RATE_SHARE = 0.55;

/** The graphs of a training, by `sizeKey`, and what they will take. */
export interface PlannedTraining {
  readonly plan: TrainingPlan;
  readonly graphs: ReadonlyMap<string, { readonly graph: BuiltModel; readonly activations: number }>;
}

/** Names a size of picture and text. */
export function sizeKey({ height, width, tokens }: TrainingSize): string {
  return `${width}x${height}/${tokens}`;
}

/** The sizes that pictures need graphs for, before any is encoded: a caption takes all places of the text encoder. */
export function expectedSizes({ pictures }: TrainingJob, { checkpoint, cell }: OpenedModel): TrainingSize[] {
  const tokens = checkpoint.textEncoders[0]?.config.maxPositions ?? 77;
  return pictures.map(({ image }) => ({ height: image.height / cell, width: image.width / cell, tokens }));
}

/** The size that an example needs a graph for. */
export function sizeOf({ shape, text }: TrainingExample): TrainingSize {
  return { height: shape.height, width: shape.width, tokens: text.tokens };
}

/**
 * Builds the graph of each size in the fastest form whose steps fit the memory that the job allows, before anything is run.
 *
 * @param sizes of all pictures, one each.
 *
 * @throws StudioError `training/out-of-memory` where not even the one that holds least fits this machine.
 */
export async function planTraining(
  job: TrainingJob,
  model: OpenedModel,
  matrices: readonly TrainedMatrix[],
  sizes: readonly TrainingSize[],
): Promise<PlannedTraining> {
  const { unet } = model.checkpoint;
  const { rank, steps, batch, threads } = job.settings;
  const parameters = matrices.at(-1)?.to ?? 0;
  // Matrices, two means, gradients, and their copies for a run.
  const own = parameters * 4 * 6;
  const distinct = new Map(sizes.map((size) => [sizeKey(size), size]));
  const graphs = new Map<string, { readonly graph: BuiltModel; readonly activations: number }>();
  let [activations, mapped, recomputes, operations] = [0, 0, false, 0];
  for (const [key, size] of distinct) {
    const built = fitting(job.memory - own, (form) => buildTrainingGraph(unet, matrices, rank, size, form));
    graphs.set(key, { graph: built.graph, activations: built.activations });
    activations = Math.max(activations, built.activations);
    mapped = built.mapped;
    recomputes ||= built.form !== forms[0];
    const { matrix, convolution, attention } = countOperations(built.graph.modelBytes);
    const share = sizes.filter((other) => sizeKey(other) === key).length / sizes.length;
    operations += (matrix + convolution + attention) * share;
  }
  const held = activations + own;
  assertPossible(held);
  const seconds = (operations * steps * batch) / ((await matrixRate(threads)) * RATE_SHARE);
  const plan = {
    held,
    activations,
    mapped,
    recomputes,
    seconds,
    parameters,
    layers: matrices.length / 2,
    buckets: bucketsOf(job),
  };
  return { plan, graphs };
}

function fitting(budget: number, build: (form: MemoryForm) => BuiltModel) {
  let least;
  for (const form of forms) {
    const graph = build(form);
    const { peakActivations, boundary, mappedWeights } = predictMemory(graph.modelBytes);
    const found = { form, graph, activations: peakActivations + boundary, mapped: mappedWeights };
    if (found.activations <= budget) return found;
    if (least === undefined || found.activations < least.activations) least = found;
  }
  if (least === undefined) throw new RangeError('there is no form to build');
  return least;
}

function assertPossible(held: number): void {
  const usable = usableMemory();
  if (held <= usable * 0.9) return;
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  throw new StudioError(
    'training/out-of-memory',
    `A step needs about ${gigabytes(held)}; this machine has ${gigabytes(usable)}.`,
    'Choose a smaller --size or --rank.',
  );
}

/** Operations a second of this processor in a product of matrices, the best of a few short runs. */
async function matrixRate(threads: number): Promise<number> {
  const graph = new GraphBuilder();
  const [x, y] = [graph.input('x', 'float32', [1024, 640]), graph.input('y', 'float32', [640, 1280])];
  graph.output('z', graph.op('MatMul', [x, y]));
  const session = await createTrainingSession(graph.build('rate'), threads, 0);
  const feeds = {
    x: { data: new Float32Array(1024 * 640).fill(0.5), shape: [1024, 640] },
    y: { data: new Float32Array(640 * 1280).fill(0.5), shape: [640, 1280] },
  };
  let best = Infinity;
  for (let i = 0; i < 5; i++) {
    const begun = performance.now();
    await session.run(feeds);
    best = Math.min(best, performance.now() - begun);
  }
  await session.release();
  return (2 * 1024 * 640 * 1280) / (best / 1000);
}

function bucketsOf({ pictures }: TrainingJob): TrainingPlan['buckets'] {
  const buckets = new Map<string, { width: number; height: number; pictures: number }>();
  for (const { image } of pictures) {
    const key = `${image.width}x${image.height}`;
    const bucket = buckets.get(key) ?? { width: image.width, height: image.height, pictures: 0 };
    buckets.set(key, { ...bucket, pictures: bucket.pictures + 1 });
  }
  return [...buckets.values()].toSorted((a, b) => b.pictures - a.pictures);
}
