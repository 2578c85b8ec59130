import { readFileSync, mkdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { loadAdapter } from '../../../main/inference/stages/load-adapter.ts';
import { openModel } from '../../../main/inference/stages/opened-model.ts';
import { firstMatrices, layOutMatrices } from '../../../main/training/trained-matrices.ts';
import { buildTrainingGraph, gradientName } from '../../../main/training/training-graph.ts';
import type { TrainerMessage, TrainingJob } from '../../../main/training/training-job.ts';
import { createTrainingSession } from '../../../main/training/worker/training-session.ts';
import { train } from '../../../main/training/worker/train.ts';
import { readPictures } from '../../../main/training/read-pictures.ts';
import { openAdapterFile } from '../../../native-models/adapters/adapter-source.ts';
import { adapterMetadata } from '../../../native-models/adapters/adapter-metadata.ts';
import { listAdapterSites } from '../../../native-models/architectures/adapter-sites.ts';
import { createNoise } from '../../../native-models/noise/create-noise.ts';
import { predictMemory } from '../../../native-models/onnx/liveness.ts';
import { writeLinocuts } from '../../fixtures/linocut-pictures.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';

const scratch = scratchFolder();
const { embeddedModel } = locateInstallation();
let job: TrainingJob;

beforeAll(async () => {
  await writeLinocuts(join(scratch, 'pictures'));
  const { pictures } = await readPictures(join(scratch, 'pictures'), 128, 64, 'linocut');
  job = {
    modelPath: embeddedModel,
    pictures: pictures.slice(0, 3),
    settings: { rank: 2, steps: 6, batch: 2, rate: 1e-3, layers: 'all', minSnr: 5, seed: 1, threads: 1 },
    files: { out: '', checkpoint: '', every: 100 },
    trigger: 'linocut',
    memory: 4 * 2 ** 30,
    planOnly: false,
    resume: false,
  };
});

const filesIn = (name: string, every = 100): TrainingJob['files'] => {
  mkdirSync(join(scratch, name));
  return {
    out: join(scratch, name, 'lora.safetensors'),
    checkpoint: join(scratch, name, 'lora.training'),
    every,
  };
};
const link = (told: TrainerMessage[] = [], cancelled = () => false) => ({
  tell: (message: TrainerMessage) => void told.push(message),
  cancelled,
});

describe("the whole UNet's gradient", () => {
  test.each([
    ['kept', undefined],
    ['computed again', 2 ** 19],
  ] as const)('in a random direction is the difference of losses, values %s', async (_, segmentBytes) => {
    const { checkpoint } = await openModel(embeddedModel);
    const matrices = layOutMatrices(
      listAdapterSites(checkpoint.unet.weights).filter(({ name }) => !name.includes('embedding')),
      2,
    );
    const size = { height: 8, width: 8, tokens: 32 };
    const form = { segmentBytes, attention: { maxScoreBytes: 2 ** 16 } };
    const graph = buildTrainingGraph(checkpoint.unet, matrices, 2, size, form);
    const session = await createTrainingSession(graph, 1, 0);
    const noise = createNoise('philox', 4);
    const count = matrices.at(-1)?.to ?? 0;
    const at = firstMatrices(matrices, 1);
    // B of zeros would leave half of the derivatives zero.
    noise.normal(count).forEach((value, i) => (at[i] = (at[i] ?? 0) + value * 0.03));
    const direction = noise.normal(count);
    const fixed = {
      sample: { data: noise.normal(16 * 64), shape: [1, 16, 8, 8] },
      timestep: { data: Float32Array.of(400), shape: [1] },
      encoder_hidden_states: { data: noise.normal(32 * 192), shape: [1, 32, 192] },
      target: { data: noise.normal(16 * 64), shape: [1, 16, 8, 8] },
      weight: { data: Float32Array.of(1), shape: [1] },
    };
    const run = (values: Float32Array) =>
      session.run({
        ...fixed,
        ...Object.fromEntries(
          matrices.map(({ input, shape, from, to }) => [input, { data: values.subarray(from, to), shape }]),
        ),
      });
    const outputs = await run(at);
    let along = 0;
    for (const { input, from } of matrices)
      outputs.get(gradientName(input))?.forEach((value, i) => (along += value * (direction[from + i] ?? 0)));
    const h = 3e-4;
    const lossAt = async (step: number): Promise<number> =>
      (await run(at.map((value, i) => value + step * (direction[i] ?? 0)))).get('loss')?.[0] ?? Number.NaN;
    const difference = ((await lossAt(h)) - (await lossAt(-h))) / (2 * h);
    await session.release();
    expect(Math.abs(along)).toBeGreaterThan(0.01);
    expect(Math.abs(along - difference) / Math.abs(along)).toBeLessThan(0.01);
  });

  test('what is computed again takes less memory', async () => {
    const { checkpoint } = await openModel(embeddedModel);
    const matrices = layOutMatrices(
      listAdapterSites(checkpoint.unet.weights).filter(({ name }) => name.includes('attn')),
      4,
    );
    const peak = (segmentBytes: number | undefined): number =>
      predictMemory(
        buildTrainingGraph(
          checkpoint.unet,
          matrices,
          4,
          { height: 64, width: 64, tokens: 32 },
          { segmentBytes, attention: { maxScoreBytes: 2 ** 21 } },
        ).modelBytes,
      ).peakActivations;
    expect(peak(2 ** 23)).toBeLessThan(peak(undefined) * 0.7);
  });
});

describe('a training', () => {
  test('that is stopped and goes on ends with the bytes of one that was not', async () => {
    const whole = { ...job, files: filesIn('whole') };
    const told: TrainerMessage[] = [];
    await train(whole, link(told));
    const progress = told.filter(({ type }) => type === 'progress');
    expect(progress).toHaveLength(6);

    const cut = { ...job, files: filesIn('cut') };
    const seen: TrainerMessage[] = [];
    const stop = (): boolean => seen.filter(({ type }) => type === 'progress').length >= 3;
    await expect(train(cut, link(seen, stop))).rejects.toMatchObject({ code: 'inference/cancelled' });
    expect(existsSync(cut.files.out)).toBe(false);
    await train({ ...cut, resume: true }, link());
    expect(readFileSync(cut.files.out).equals(readFileSync(whole.files.out))).toBe(true);
  });

  test('does not go on with other settings', async () => {
    const cut = { ...job, files: filesIn('other') };
    const seen: TrainerMessage[] = [];
    await train(
      cut,
      link(seen, () => seen.some(({ type }) => type === 'progress')),
    ).catch(() => {});
    const other = { ...cut, resume: true, settings: { ...job.settings, rate: 2e-3 } };
    await expect(train(other, link())).rejects.toMatchObject({ code: 'training/checkpoint-other' });
  });

  test('learns: the loss on one picture and its noise falls', async () => {
    const one = {
      ...job,
      files: filesIn('one'),
      pictures: job.pictures.slice(0, 1),
      settings: { ...job.settings, steps: 20, batch: 1, rank: 8, rate: 3e-3, minSnr: 0 },
    };
    const told: TrainerMessage[] = [];
    const { loss } = await train(one, link(told));
    const first =
      told.flatMap((message) => (message.type === 'progress' ? [message.progress.loss] : []))[0] ?? 0;
    expect(loss).toBeLessThan(first);
  });

  test("gives a file in kohya's layout that fits the model whole", async () => {
    const { out } = { out: join(scratch, 'whole', 'lora.safetensors') };
    const source = await openAdapterFile(out);
    const loaded = await loadAdapter(out, await openModel(embeddedModel));
    expect(loaded.note).toBeUndefined();
    expect(loaded.rank).toBe(2);
    expect(
      [...source.tensors.keys()].every((key) =>
        /^lora_unet_\w+\.(alpha|lora_down\.weight|lora_up\.weight)$/.test(key),
      ),
    ).toBe(true);
    const attention = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k';
    expect(source.tensors.get(`${attention}.lora_down.weight`)?.shape).toEqual([2, 192]);
    expect(source.tensors.get(`${attention}.lora_up.weight`)?.shape).toEqual([224, 2]);
    expect(source.metadata.get('ss_network_module')).toBe('networks.lora');
    expect(adapterMetadata(source)).toMatchObject({ title: 'lora', rank: 2, alpha: 2 });
    expect(adapterMetadata(source).triggerWords[0]).toBe('linocut');
  });

  test('of which only the plan is asked writes nothing', async () => {
    const files = filesIn('plan');
    const { plan } = await train({ ...job, files, planOnly: true }, link());
    expect(existsSync(files.out) || existsSync(files.checkpoint)).toBe(false);
    expect(plan.buckets).toEqual([{ width: 128, height: 128, pictures: 3 }]);
    expect(plan.seconds).toBeGreaterThan(0);
    expect(plan.held).toBeGreaterThan(2 ** 20);
  });
});
