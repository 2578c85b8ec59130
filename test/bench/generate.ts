/**
 * What a picture of the embedded model costs: 256 px, 20 steps, guidance 4.5.
 *
 *     node test/bench/generate.ts [runs]
 *
 * Prints a cold process (from its start to the picture) and warm runs in the same worker, per stage
 * in milliseconds, against the bars of 4 s and 1.5 s; then what previews add.
 */
import { probeDevices } from '../../main/inference/devices/probe-devices.ts';
import { createInferenceHost } from '../../main/inference/host/create-inference-host.ts';
import type { GenerateResult } from '../../main/inference/protocol.ts';
import { embeddedJob, launch } from '../fixtures/embedded-job.ts';

const runs = Number(process.argv[2] ?? 5);
const { compute } = await probeDevices({ launch, providers: ['cpu'] });

const job = embeddedJob(compute);

function row(name: string, wall: number, { timings, stepMilliseconds, peakRss }: GenerateResult): void {
  const stages = Object.entries(timings).map(([stage, ms]) => `${stage} ${ms.toFixed(0)}`);
  const step = stepMilliseconds.toSorted((a, b) => a - b)[Math.floor(stepMilliseconds.length / 2)] ?? 0;
  const memory = (peakRss / 2 ** 20).toFixed(0);
  console.log(
    `${name.padEnd(14)} ${wall.toFixed(0).padStart(6)} ms   ${stages.join('  ')}  (step ${step.toFixed(1)})  ${memory} MiB`,
  );
}

const timed = async (name: string, work: () => Promise<GenerateResult>): Promise<number> => {
  const start = performance.now();
  const result = await work();
  const wall = performance.now() - start;
  row(name, wall, result);
  return wall;
};

console.log(`${compute.provider}, ${compute.threads} threads`);
const host = createInferenceHost({ launch });
const cold = await timed('cold process', () => host.run(job));
const warm: number[] = [];
for (let i = 0; i < runs; i += 1)
  warm.push(await timed(`warm ${i + 1}`, () => host.run({ ...job, seed: i })));
const previewed: number[] = [];
for (let i = 0; i < runs; i += 1) {
  previewed.push(await timed(`previews ${i + 1}`, () => host.run({ ...job, seed: i, previewEvery: 1 })));
}
await host.dispose();

const best = (values: readonly number[]): number => Math.min(...values);
console.log(`cold ${(cold / 1000).toFixed(2)} s of 4 s, warm ${(best(warm) / 1000).toFixed(2)} s of 1.5 s`);
console.log(`previews cost ${((best(previewed) / best(warm) - 1) * 100).toFixed(1)}% of at most 15%`);
