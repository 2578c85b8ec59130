import { listAdapterSites } from '../../native-models/architectures/adapter-sites.ts';
import { buildUnet } from '../../native-models/architectures/unet.ts';
import type { BuiltModel } from '../../native-models/onnx/encode-model.ts';
import { countOperations } from '../../native-models/onnx/count-operations.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { locateInstallation } from '../hosting/installation.ts';
import { operatorThreads } from '../inference/devices/probe-devices.ts';
import type { ComputeSettings } from '../inference/protocol.ts';
import { createNetwork, type Feed, type Network } from '../inference/sessions/network.ts';
import { graphTarget } from '../inference/sessions/graph-target.ts';
import { planMemory } from '../inference/sessions/memory-plan.ts';
import { openModel, type OpenedModel, weightBytes } from '../inference/stages/opened-model.ts';
import { convolutionProbe, matrixProbe, type RateProbe, values } from './bench/machine-rate.ts';
import { adapterFeeds, madeUpAdapter } from './bench/made-up-adapter.ts';
import { coldStart } from './bench/cold-start.ts';
import { mergedError } from './bench/merged-error.ts';
import { predictPicture } from './bench/predict-picture.ts';
import { best, type Lap } from './bench/stopwatch.ts';
import { type Steps, type SwapCost, swapCost, timeBeside, timeSteps } from './bench/adapter-steps.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto bench model`. */
export interface BenchFlags {
  /** Side of the picture in pixels. */
  readonly size?: number;
  readonly rounds: number;
  readonly rank: number;
  /** False leaves out the picture from a fresh process. */
  readonly cold?: boolean;
}

/** What the studio promises; DESIGN calls them P1 and P2. */
const bars = { machineShare: 0.6, adapterOverhead: 0.1, swapMilliseconds: 50 };

/**
 * Measures a model's denoising step against what this machine's processor does with plain matrix products and
 * convolutions, and what adapters add to a step. Everything is measured in turn, round by round, and the best of each
 * counts, so that a machine that others use as well is the same for all.
 *
 * @throws ModelError or InferenceError when the model cannot be opened or run.
 */
export async function benchModel(
  path: string | undefined,
  flags: BenchFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  const model = await openModel(path ?? locateInstallation().embeddedModel);
  const { unet } = model.checkpoint;
  const pixels = flags.size ?? (path === undefined ? 256 : 512);
  if (unet.graphs !== undefined) return benchExport(model, pixels, flags, signal);
  const multiple = model.cell * 2 ** (unet.config.down.length - 1);
  if (pixels < multiple || pixels % multiple !== 0) {
    throw new StudioError(
      'cli/size-unsupported',
      `${pixels} px is not a size of this model.`,
      `Choose a multiple of ${multiple}.`,
    );
  }
  const side = pixels / model.cell;
  const compute: ComputeSettings = { provider: 'cpu', precision: 'fp32', threads: operatorThreads() };
  const size = { batch: 1, height: side, width: side, contextTokens: 77, ...graphTarget(compute) };
  const sites = listAdapterSites(unet.weights);
  const plainGraph = buildUnet(unet, size);
  const bytes = weightBytes(unet.weights);
  const open: (Network | RateProbe)[] = [];
  const keep = <T extends Network | RateProbe>(one: T): T => {
    open.push(one);
    return one;
  };
  const network = async (built: BuiltModel): Promise<Network> =>
    keep(
      await createNetwork(
        'UNet',
        built,
        bytes,
        compute,
        () => {},
        2,
        planMemory(built, { weightBytes: bytes, runs: 2 }).activations,
      ),
    );
  try {
    const matrix = keep(await matrixProbe(compute));
    const convolution = keep(await convolutionProbe(compute));
    const plain = await network(plainGraph);
    const adapted = await network(buildUnet(unet, { ...size, adapters: 'all' }));
    const feeds = commonFeeds(plainGraph);
    const adapters = [madeUpAdapter(sites, flags.rank), madeUpAdapter(sites, flags.rank)];
    const merged = await mergedError(
      unet,
      size,
      feeds,
      { sites, adapter: adapters[0] ?? new Map() },
      network,
    );
    const stop = (): void => {
      if (signal.aborted) throw new StudioError('bench/stopped', 'The measurement was stopped.', '');
    };
    const steps: Steps = {
      plain: () => plain.run(feeds),
      adapted: (fed) => adapted.run({ ...feeds, ...fed }),
      stack: (which, strength) => adapterFeeds(sites, adapters[which % 2] ?? new Map(), strength),
    };
    await steps.plain();
    await steps.adapted(steps.stack(0, 1));
    const laps = await timeSteps(steps, flags.rounds, async () => {
      stop();
      await matrix.sample();
      await convolution.sample();
    });
    // By themselves: what they leave to be freed would fall on the steps after them.
    const five = adapterFeeds(sites, madeUpAdapter(sites, flags.rank * 5), 1);
    const together = await timeBeside(steps, five, Math.ceil(flags.rounds / 2), stop);
    const operations = countOperations(plainGraph.modelBytes);
    const step = best(laps.plain);
    const [matrixRate, convolutionRate] = [matrix.rate(), convolution.rate()];
    const products = (operations.matrix + operations.attention) / 1e9;
    const convolutions = operations.convolution / 1e9;
    const share = (of: 'wall' | 'core', seconds: number): number =>
      (products / matrixRate[of] + convolutions / convolutionRate[of]) / seconds;
    const withAdapter = best([...laps.adapted, ...laps.swapped]);
    const swap = swapCost(laps);
    const report = {
      model: model.checkpoint.path,
      family: model.checkpoint.family,
      size: pixels,
      threads: compute.threads,
      rounds: flags.rounds,
      machine: { matrix: matrixRate, convolution: convolutionRate },
      step: { ...step, gflop: products + convolutions, machineShare: share('wall', step.wall) },
      /** The same by processor time, which others' work disturbs less. */
      coreShare: share('core', step.cpu),
      adapter: {
        rank: flags.rank,
        sites: sites.length,
        overhead: withAdapter.wall / step.wall - 1,
        coreOverhead: withAdapter.cpu / step.cpu - 1,
      },
      swap,
      /** Five adapters of that rank in one stack, against plain steps beside them. */
      five: {
        overhead: best(together.with).wall / best(together.plain).wall - 1,
        coreOverhead: best(together.with).cpu / best(together.plain).cpu - 1,
      },
      /** An adapter as inputs against the same one merged, on some layers. */
      merged,
      cold: flags.cold === false ? null : await cold(model, pixels, signal),
      bars,
    };
    return { text: describe(report), json: report };
  } finally {
    for (const one of open) await one.release();
  }
}

/** An export runs as it is: there is no graph of our own to measure, and it takes no adapters. */
async function benchExport(
  model: OpenedModel,
  pixels: number,
  flags: BenchFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  if (flags.cold === false) {
    throw new StudioError(
      'cli/model-unsupported',
      'An ONNX export runs as it is: only its cold start and its memory can be measured.',
      'Leave out --no-cold, or give the .safetensors version of the model.',
    );
  }
  const { path, family } = model.checkpoint;
  const report = { model: path, family, size: pixels, cold: await cold(model, pixels, signal) };
  return { text: describeCold(report).join('\n'), json: report };
}

/** A picture of one step from a fresh process, and the memory that was predicted for it. */
async function cold(model: OpenedModel, pixels: number, signal: AbortSignal) {
  const seen = await coldStart(model.checkpoint.path, pixels, signal);
  const fileBytes = model.checkpoint.files.reduce((sum, file) => sum + file.bytes, 0);
  const predicted = (await predictPicture(model, pixels / model.cell)) + (seen.memory?.bare ?? 0);
  return { ...seen, writtenShare: seen.written / fileBytes, predicted, used: seen.memory?.most ?? null };
}

function commonFeeds(graph: BuiltModel): Record<string, Feed> {
  return Object.fromEntries(
    [...graph.inputs].map(([name, { shape }]) => {
      const count = shape.reduce<number>((product, n) => product * Number(n), 1);
      return [name, { data: name === 'timestep' ? new Float32Array(count).fill(601) : values(count) }];
    }),
  );
}

interface Report {
  readonly size: number;
  readonly threads: number;
  readonly machine: Record<'matrix' | 'convolution', { readonly wall: number; readonly core: number }>;
  readonly step: Lap & { readonly gflop: number; readonly machineShare: number };
  readonly coreShare: number;
  readonly five: { readonly overhead: number; readonly coreOverhead: number };
  readonly merged: number | null;
  readonly cold: Awaited<ReturnType<typeof cold>> | null;
  readonly adapter: {
    readonly rank: number;
    readonly sites: number;
    readonly overhead: number;
    readonly coreOverhead: number;
  };
  readonly swap: SwapCost;
}

function describe(report: Report): string {
  const { size, threads, machine, step, coreShare, adapter, swap, five, merged } = report;
  const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
  const rate = ({ wall, core }: { wall: number; core: number }): string =>
    `${wall.toFixed(0)} GFLOP/s (${core.toFixed(0)} a core-second)`;
  return [
    `machine   MatMul ${rate(machine.matrix)}, Conv ${rate(machine.convolution)}, fp32, ${threads} threads`,
    `step      ${size} px: ${step.gflop.toFixed(1)} GFLOP in ${step.wall.toFixed(2)} s, ${step.cpu.toFixed(2)} core-seconds`,
    `          ${percent(step.machineShare)} of the machine's rate, ${percent(coreShare)} by core-seconds (bar: at least 60 %)`,
    `adapter   rank ${adapter.rank} on ${adapter.sites} layers: ${percent(adapter.overhead)} a step, ${percent(adapter.coreOverhead)} by core-seconds (bar: below 10 %)`,
    `swap      ${swap.milliseconds.toFixed(0)} ms over a step, ${swap.stackMilliseconds.toFixed(0)} of them stacking, ${swap.coreMilliseconds.toFixed(0)} core-ms; ratio ${swap.ratio.toFixed(3)} (bar: below 50 ms)`,
    `          median of ${swap.rounds} rounds: another adapter stacked at another strength and a step, less the mean of the steps before`,
    `          and after it with nothing changed, which differ by ${swap.noiseMilliseconds.toFixed(0)} ms and ${swap.noiseCoreMilliseconds.toFixed(0)} core-ms themselves`,
    `five      adapters of rank ${adapter.rank} at once, one stack of rank ${5 * adapter.rank}: ${percent(five.overhead)} a step, ${percent(five.coreOverhead)} by core-seconds`,
    merged === null
      ? 'merged    cannot be told: this file is all zeros'
      : `merged    inputs against merged weights: ${merged.toExponential(1)} (bar: at most 1e-4)`,
    ...describeCold(report),
  ].join('\n');
}

function describeCold({ cold: seen, size }: Pick<Report, 'cold' | 'size'>): string[] {
  if (seen === null) return [];
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  const { firstStep, picture, writtenShare, predicted, used } = seen;
  const step = firstStep === null ? '' : `first step at ${size} px after ${firstStep.toFixed(1)} s, `;
  return [
    `cold      ${step}picture of ${size} px after ${picture.toFixed(1)} s; ${(writtenShare * 100).toFixed(3)} % of the model's size written`,
    used === null
      ? `memory    predicted ${gigabytes(predicted)}; what is used cannot be told on this system`
      : `memory    predicted ${gigabytes(predicted)}, used ${gigabytes(used)} beside the mapped file; ratio ${(used / predicted).toFixed(2)}`,
  ];
}
