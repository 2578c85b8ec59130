import { buildUnet, type UnetBuildOptions } from '../architectures/unet.ts';
import type { Component } from '../checkpoints/checkpoint.ts';
import type { UnetConfig } from '../checkpoints/component-configs.ts';
import { createNoise } from '../noise/create-noise.ts';
import type { BuiltModel } from '../onnx/encode-model.ts';
import type { QuantisedLinears } from './quantise-linears.ts';
import { type QuantisationReport, writeReport } from './report.ts';

/** Runs a graph once on float32 inputs of the graph's own shapes and returns its first output. */
export type RunOnce = (
  model: BuiltModel,
  inputs: Readonly<Record<string, Float32Array>>,
) => Promise<Float32Array>;

const inputSeed = 20_221_123;

/**
 * Measures what a UNet in fewer bits says of a fixed input against what it says in fp32, and keeps it in the report
 * beside the weights. The input: standard normal latent of 16 × 16 cells and text, time step 601.
 *
 * @returns the report with `overall`; measured once, later calls read it.
 */
export async function measureOverallError(
  unet: Component<UnetConfig>,
  quantised: QuantisedLinears,
  run: RunOnce,
): Promise<QuantisationReport> {
  if (quantised.report.overall !== null) return quantised.report;
  const size: UnetBuildOptions = { batch: 1, height: 16, width: 16, contextTokens: 77 };
  const exact = buildUnet(unet, size);
  const inputs = fixedInputs(exact);
  const expected = await run(exact, inputs);
  const actual = await run(buildUnet(unet, { ...size, linear: quantised.form }), inputs);
  const report = { ...quantised.report, overall: relativeDistance(actual, expected) };
  await writeReport(quantised.reportFile, report);
  return report;
}

function fixedInputs(model: BuiltModel): Record<string, Float32Array> {
  const noise = createNoise('philox', inputSeed);
  const inputs: Record<string, Float32Array> = {};
  for (const [name, { shape }] of model.inputs) {
    const count = shape.reduce<number>((product, n) => product * Number(n), 1);
    inputs[name] = name === 'timestep' ? new Float32Array(count).fill(601) : noise.normal(count);
  }
  return inputs;
}

/** ‖actual − expected‖ / ‖expected‖; infinite where a value is no number. */
function relativeDistance(actual: Float32Array, expected: Float32Array): number {
  let off = 0;
  let length = 0;
  for (let i = 0; i < expected.length; i++) {
    const right = expected[i] ?? 0;
    off += ((actual[i] ?? NaN) - right) ** 2;
    length += right ** 2;
  }
  const error = Math.sqrt(off / length);
  return Number.isFinite(error) ? error : Infinity;
}
