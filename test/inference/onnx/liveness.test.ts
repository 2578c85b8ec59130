import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import { predictMemory } from '../../../native-models/onnx/liveness.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';

// Seconds on a quiet machine; a busy one may take minutes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const embedded = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');
const script = fileURLToPath(new URL('../../fixtures/measure-run.ts', import.meta.url));
const folder = scratchFolder();

/** Bytes that a process's memory rose by, for the run alone. */
function measure(model: BuiltModel): number {
  const file = path.join(folder, 'model.onnx');
  writeFileSync(file, model.modelBytes);
  const printed = execFileSync(process.execPath, [script, file, model.externalDataFolder ?? ''], {
    encoding: 'utf8',
  });
  return (JSON.parse(printed) as { risen: number }).risen;
}

describe('predicted memory against what a process took', () => {
  it.each([
    ['the decoder at 640 px', 40, 'decoder', 'fused'],
    ['the UNet at 1536 px with all attention scores', 96, 'unet', 'plain'],
    ['the UNet at 1536 px with scores in parts', 96, 'unet', { maxScoreBytes: 8 * 2 ** 20 }],
  ] as const)('of %s', async (_, cells, part, attention) => {
    const { unet, vae } = await openCheckpoint(embedded);
    const size = { batch: 1, height: cells, width: cells, attention };
    const model =
      part === 'unet' ? buildUnet(unet, { ...size, contextTokens: 32 }) : buildVaeDecoder(vae!, size);
    const predicted = predictMemory(model.modelBytes);
    const weights = predicted.mappedWeights;
    const expected = predicted.peakActivations + weights + predicted.boundary;
    const measured = measure(model);
    // What the runtime's threads and the allocator keep for themselves does not grow with the model.
    const fixed = 96 * 2 ** 20;
    expect(measured).toBeGreaterThan(expected * 0.8);
    expect(measured).toBeLessThan(expected * 1.2 + fixed);
  });
});
