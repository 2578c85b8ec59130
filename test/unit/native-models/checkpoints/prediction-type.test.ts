import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ModelFamily } from '../../../../native-models/checkpoints/checkpoint.ts';
import { predictionTypeOf } from '../../../../native-models/checkpoints/prediction-type.ts';
import { readSafetensorsHeader } from '../../../../native-models/checkpoints/safetensors.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { writeSafetensors } from '../../../fixtures/write-safetensors.ts';

const folder = scratchFolder();
const TELLING = 'model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias';
let count = 0;

/** A file with the biases that tell, and what is found of it. */
async function told(
  biases: readonly number[],
  given: { yaml?: string; inChannels?: number; family?: ModelFamily; metadata?: Record<string, string> } = {},
): Promise<string> {
  const file = path.join(folder, `${count++}.safetensors`);
  const bytes = (): Uint8Array => new Uint8Array(Float32Array.from(biases).buffer);
  writeSafetensors(file, [[TELLING, { dtype: 'F32', shape: [biases.length], bytes }]], given.metadata);
  if (given.yaml !== undefined) writeFileSync(file.replace('.safetensors', '.yaml'), given.yaml);
  const header = await readSafetensorsHeader(file);
  return predictionTypeOf(header, given.family ?? 'sd2', { inChannels: given.inChannels ?? 4 });
}

/** Biases of a spread, some of them far out, as training leaves them. */
const trained = (spread: number): number[] =>
  Array.from({ length: 320 }, (_, i) => spread * (i % 40 === 0 ? 4 : Math.sin(i)));
const fresh = Array.from({ length: 320 }, (_, i) => 0.1 * Math.sin(i));

test('Stable Diffusion 2’s two trainings are told by the biases of a layer', async () => {
  expect(await told(trained(0.2))).toBe('v_prediction');
  expect(await told(trained(0.05))).toBe('epsilon');
});

test('biases that were never trained say nothing, and the common model is taken', async () => {
  expect(await told(fresh)).toBe('v_prediction');
  expect(await told(Array.from({ length: 320 }, () => 0))).toBe('v_prediction');
});

test('metadata and the settings beside the file count before biases', async () => {
  const yaml = 'model:\n  target: ldm\n  params:\n    parameterization: "v"\n';
  expect(await told(trained(0.05), { yaml })).toBe('v_prediction');
  expect(await told(trained(0.2), { yaml: 'model:\n  target: ldm\n' })).toBe('epsilon');
  expect(await told(trained(0.2), { yaml: 'colour: red\n' })).toBe('v_prediction');
  const metadata = { 'modelspec.prediction_type': 'epsilon' };
  expect(await told(trained(0.2), { metadata, yaml })).toBe('epsilon');
});

test('its inpainting model predicts noise, and so do other families', async () => {
  expect(await told(trained(0.2), { inChannels: 9 })).toBe('epsilon');
  expect(await told(trained(0.2), { family: 'sd1' })).toBe('epsilon');
  expect(await told(fresh, { family: 'sdxl' })).toBe('epsilon');
});
