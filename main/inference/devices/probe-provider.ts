import { ort } from '../sessions/onnxruntime.ts';
import type { Provider } from '../protocol.ts';
import type { ProbeAnswer } from './probe-protocol.ts';
import { buildSpeedGraph, buildTrialGraph } from './trial-graph.ts';

/** Largest error relative to the largest known number; TF32 and fp16 accumulation stay below it. */
const TOLERANCE = 5e-3;

/**
 * Runs the trial graph on a provider and compares with the known numbers, then times matrix products.
 * Nothing of the trial may fall back to the processor unseen.
 */
export async function probeProvider(provider: Provider, threads: number): Promise<ProbeAnswer> {
  const built = ort.listSupportedBackends().some((backend) => backend.name === provider);
  if (!built) return answer('absent', 'this build of ONNX Runtime does not have it');
  try {
    const error = await trialError(provider, threads);
    if (!(error <= TOLERANCE)) {
      return { ...answer('failed', `wrong numbers: off by ${error.toExponential(1)} of the largest`), error };
    }
    const gflops = await measureSpeed(provider, threads);
    const reason = `right to ${error.toExponential(1)}, ${gflops.toPrecision(3)} GFLOP/s`;
    return { type: 'probed', verdict: 'verified', reason, error, gflops };
  } catch (thrown) {
    return answerTo(thrown);
  }
}

function answer(verdict: 'failed' | 'absent', reason: string): ProbeAnswer {
  return { type: 'probed', verdict, reason, error: Number.NaN, gflops: 0 };
}

/** What ONNX Runtime throws, in words; a missing library or adapter is no fault. */
function answerTo(thrown: unknown): ProbeAnswer {
  const message = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? '';
  if (/load shared library|cannot open shared object/i.test(message)) {
    return answer('absent', 'its libraries are not installed ("npm run cuda" fetches those of CUDA)');
  }
  if (/Failed to get a WebGPU adapter/i.test(message)) {
    return answer('absent', 'no graphics adapter with a driver that WebGPU can use');
  }
  return answer('failed', message.slice(0, 300));
}

function options(provider: Provider, threads: number): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    ...(provider === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  };
}

async function trialError(provider: Provider, threads: number): Promise<number> {
  const { model, input, inputShape, expected } = buildTrialGraph();
  const session = await ort.InferenceSession.create(model.modelBytes, options(provider, threads));
  const { y } = await session.run({ x: new ort.Tensor('float32', input, inputShape) });
  const found = y?.data as Float32Array;
  let [error, largest] = [0, 0];
  expected.forEach((want, i) => {
    // NaN must not pass for small.
    const off = Math.abs((found[i] ?? Number.NaN) - want);
    error = off >= error || Number.isNaN(off) ? off : error;
    largest = Math.max(largest, Math.abs(want));
  });
  await session.release();
  return error / largest;
}

/** A provider slower than this is a simulated one, and larger products would take minutes. */
const WORTH_MEASURING = 5;

async function measureSpeed(provider: Provider, threads: number): Promise<number> {
  const rough = await timeProducts(provider, threads, 256, 1);
  return rough < WORTH_MEASURING ? rough : timeProducts(provider, threads, 1024, 3);
}

/** GFLOP/s of the fastest of several runs. */
async function timeProducts(
  provider: Provider,
  threads: number,
  edge: number,
  runs: number,
): Promise<number> {
  const { model, input, operations } = buildSpeedGraph(edge);
  const session = await ort.InferenceSession.create(model.modelBytes, options(provider, threads));
  const feeds = { x: new ort.Tensor('float32', input, [edge, edge]) };
  await session.run(feeds);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i += 1) {
    const start = performance.now();
    await session.run(feeds);
    best = Math.min(best, performance.now() - start);
  }
  await session.release();
  return operations / best / 1e6;
}
