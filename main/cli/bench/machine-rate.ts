import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import { GraphBuilder } from '../../../native-models/onnx/graph-builder.ts';
import type { ComputeSettings } from '../../inference/protocol.ts';
import { createNetwork } from '../../inference/sessions/network.ts';
import { best, type Lap, lap } from './stopwatch.ts';

/** What a kernel of ONNX Runtime's does on this machine with packed fp32 weights. */
export interface MachineRate {
  /** GFLOP a second by the clock. */
  readonly wall: number;
  /** GFLOP a second of one core's time. */
  readonly core: number;
}

/** A kernel that is timed again and again, so that its rate is known for the time of what it is compared with. */
export interface RateProbe {
  sample(): Promise<void>;
  /** Of the fastest sample. */
  rate(): MachineRate;
  release(): Promise<void>;
}

const samplesInTurn = 4;

/** 1024 × 640 by 640 × 2560: a feed-forward layer of the middle of a UNet. */
export function matrixProbe(compute: ComputeSettings): Promise<RateProbe> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [1024, 640]);
  graph.output('y', graph.op('MatMul', [x, graph.floats(values(640 * 2560), [640, 2560])]));
  return probe(graph.build('matrix'), 1024 * 640, 2 * 1024 * 640 * 2560, compute);
}

/** 320 channels to 320 over 64 × 64 cells, 3 × 3: the top of a UNet at 512 px. */
export function convolutionProbe(compute: ComputeSettings): Promise<RateProbe> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [1, 320, 64, 64]);
  const filter = graph.floats(values(320 * 320 * 9), [320, 320, 3, 3]);
  const attributes = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] };
  graph.output('y', graph.op('Conv', [x, filter], attributes));
  return probe(graph.build('convolution'), 320 * 64 * 64, 2 * 320 * 320 * 9 * 64 * 64, compute);
}

async function probe(
  model: BuiltModel,
  inputs: number,
  operations: number,
  compute: ComputeSettings,
): Promise<RateProbe> {
  const network = await createNetwork('probe', model, 0, compute, () => {});
  const feeds = { x: { data: values(inputs) } };
  await network.run(feeds);
  const laps: Lap[] = [];
  return {
    async sample() {
      for (let i = 0; i < samplesInTurn; i++) laps.push(await lap(() => network.run(feeds)));
    },
    rate() {
      const { wall, cpu } = best(laps);
      return { wall: operations / wall / 1e9, core: operations / cpu / 1e9 };
    },
    release: () => network.release(),
  };
}

/** Small numbers without a pattern that arithmetic could be quicker on. */
export function values(count: number): Float32Array {
  const result = new Float32Array(count);
  for (let i = 0, state = 1; i < count; i++) {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    result[i] = state / 2 ** 31 - 0.5;
  }
  return result;
}
