import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AdapterChoice } from '../../../main/inference/protocol.ts';
import { ActiveAdapters } from '../../../main/inference/stages/adapter-inputs.ts';
import type { LoadedAdapter } from '../../../main/inference/stages/load-adapter.ts';
import { loadUnet } from '../../../main/inference/stages/load-unet.ts';
import { openModel, type OpenedModel } from '../../../main/inference/stages/opened-model.ts';
import { readWeight } from '../../../main/inference/stages/read-weight.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import type { WorkerMemory } from '../../../main/inference/worker/worker-memory.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../fixtures/reference-case.ts';
import { fromHalfBits, synthesiseTensor } from '../../fixtures/synthesise-weights.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { writeSafetensors } from '../../fixtures/write-safetensors.ts';
import { embeddedJob, embeddedModel, freshMemory, link, watchBuilds } from './worker-memory.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'impasto-adapters-'));
  return () => rmSync(scratch, { recursive: true });
});

type Tensors = Readonly<Record<string, readonly [shape: readonly number[], values: Float32Array]>>;

function writeAdapter(name: string, tensors: Tensors): string {
  const file = path.join(scratch, `${name}.safetensors`);
  writeSafetensors(
    file,
    Object.entries(tensors).map(([key, [shape, values]]) => [
      key,
      {
        dtype: 'F32',
        shape,
        bytes: () => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      },
    ]),
  );
  return file;
}

/** A repeatable spread of values in ±scale. */
function spread(count: number, salt: number, scale: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => scale * (2 * (((i + 1) * 0.754877666 + salt * 0.31) % 1) - 1),
  );
}

function product(
  up: Float32Array,
  down: Float32Array,
  out: number,
  rank: number,
  inner: number,
): Float32Array {
  return Float32Array.from({ length: out * inner }, (_, i) => {
    let sum = 0;
    for (let r = 0; r < rank; r += 1)
      sum += up[Math.floor(i / inner) * rank + r]! * down[r * inner + (i % inner)]!;
    return sum;
  });
}

describe('the embedded model under adapters', () => {
  const site = 'mid_block.attentions.0.transformer_blocks.0.attn1.to_v';
  const key = `lora_unet_${site.replaceAll('.', '_')}`;
  const convKey = 'lora_unet_conv_out';
  let memory: WorkerMemory;
  let width: number;
  let convShape: readonly number[];
  beforeAll(async () => {
    memory = freshMemory();
    const { checkpoint } = await openModel(embeddedModel);
    width = checkpoint.unet.weights.find(`${site}.weight`)!.shape[0]!;
    convShape = checkpoint.unet.weights.find('conv_out.weight')!.shape;
    return () => memory.networks.clear();
  });
  const lora = (name: string, salt: number, rank = 3): string =>
    writeAdapter(name, {
      [`${key}.lora_down.weight`]: [[rank, width], spread(rank * width, salt, 1)],
      [`${key}.lora_up.weight`]: [[width, rank], spread(width * rank, salt + 1, 1)],
    });
  const run = async (adapters: readonly AdapterChoice[], steps = 2) =>
    runJob(embeddedJob({ adapters, steps, width: 64, height: 64 }), link(), memory);

  test('strength 0 is no adapter, strength changes the picture, and it comes back to the bit', async () => {
    const file = lora('plain', 1);
    const none = await run([]);
    const off = await run([{ path: file, strength: 0 }]);
    const on = await run([{ path: file, strength: 1 }]);
    expect(relativeError(off.latent, none.latent)).toBeLessThan(1e-5);
    expect(relativeError(on.latent, none.latent)).toBeGreaterThan(1e-3);
    expect((await run([{ path: file, strength: 1 }])).latent).toEqual(on.latent);
    expect(on.notes).toEqual([]);
  });

  test('a swap and a strength meet the session that is loaded', async () => {
    const [first, second] = [lora('first', 2), lora('second', 5, 20)];
    await run([{ path: first, strength: 1 }]);
    const built: string[] = [];
    const watched: WorkerMemory = { ...memory, networks: watchBuilds(memory.networks, built) };
    const job = embeddedJob({ steps: 2, width: 64, height: 64 });
    const swapped = await runJob({ ...job, adapters: [{ path: second, strength: 0.4 }] }, link(), watched);
    const moved = await runJob({ ...job, adapters: [{ path: second, strength: -0.7 }] }, link(), watched);
    expect(built).toEqual([]);
    expect(moved.latent).not.toEqual(swapped.latent);
  });

  test('two at once are the sum of their changes: one of double strength, or opposites that cancel', async () => {
    const file = lora('summed', 3);
    const copy = lora('summed-copy', 3);
    const double = await run([{ path: file, strength: 1 }]);
    const halves = await run([
      { path: file, strength: 0.5 },
      { path: copy, strength: 0.5 },
    ]);
    expect(relativeError(halves.latent, double.latent)).toBeLessThan(1e-4);
    const cancelled = await run([
      { path: file, strength: 0.9 },
      { path: copy, strength: -0.9 },
    ]);
    expect(relativeError(cancelled.latent, (await run([])).latent)).toBeLessThan(1e-4);
  });

  test('what has no rank form gives the same through the same inputs: a difference against its LoRA', async () => {
    const rank = 3;
    const [down, up] = [spread(rank * width, 7, 1), spread(width * rank, 8, 1)];
    const ranked = writeAdapter('ranked', {
      [`${key}.lora_down.weight`]: [[rank, width], down],
      [`${key}.lora_up.weight`]: [[width, rank], up],
    });
    const dense = writeAdapter('dense', {
      [`${key}.diff`]: [[width, width], product(up, down, width, rank, width)],
    });
    const wanted = await run([{ path: ranked, strength: 0.6 }]);
    const found = await run([{ path: dense, strength: 0.6 }]);
    expect(relativeError(wanted.latent, (await run([])).latent)).toBeGreaterThan(1e-3);
    expect(relativeError(found.latent, wanted.latent)).toBeLessThan(1e-4);
  });

  test('convolutions too, by rank and as a difference', async () => {
    const [out = 0, inner = 0, height = 0, breadth = 0] = convShape;
    const area = height * breadth;
    const rank = 2;
    const [down, up] = [spread(rank * inner * area, 9, 0.3), spread(out * rank, 10, 0.3)];
    const ranked = writeAdapter('conv-ranked', {
      [`${convKey}.lora_down.weight`]: [[rank, inner, height, breadth], down],
      [`${convKey}.lora_up.weight`]: [[out, rank, 1, 1], up],
    });
    const dense = writeAdapter('conv-dense', {
      [`${convKey}.diff`]: [convShape, product(up, down, out, rank, inner * area)],
    });
    const wanted = await run([{ path: ranked, strength: 1 }]);
    expect(relativeError(wanted.latent, (await run([])).latent)).toBeGreaterThan(1e-3);
    expect(relativeError((await run([{ path: dense, strength: 1 }])).latent, wanted.latent)).toBeLessThan(
      1e-4,
    );
  });

  test('differences of biases and norms are added as they are, by strength', async () => {
    const { checkpoint } = await openModel(embeddedModel);
    const [outChannels = 0] = convShape;
    const bias = writeAdapter('bias', {
      [`${convKey}.diff_b`]: [[outChannels], spread(outChannels, 3, 0.5)],
    });
    const [none, half, whole] = [
      await run([], 1),
      await run([{ path: bias, strength: 0.5 }], 1),
      await run([{ path: bias, strength: 1 }], 1),
    ];
    expect(whole.notes).toEqual([]);
    const cells = none.latent.length / outChannels;
    // The last layer's bias moves every cell of a channel alike, by guidance and schedule alone.
    for (const channel of [0, 5, 11]) {
      const moved = (of: Float32Array, cell: number): number =>
        of[channel * cells + cell]! - none.latent[channel * cells + cell]!;
      const first = moved(whole.latent, 0);
      expect(Math.abs(first)).toBeGreaterThan(1e-3);
      for (const cell of [1, 7, cells - 1]) expect(moved(whole.latent, cell)).toBeCloseTo(first, 4);
      expect(moved(half.latent, 3)).toBeCloseTo(first / 2, 4);
    }
    // A last norm that gives nothing leaves nothing of the prompt.
    const norm = 'conv_norm_out';
    const length = checkpoint.unet.weights.find(`${norm}.weight`)!.shape[0]!;
    const scale = (await readWeight(checkpoint.unet.weights, norm, [length])).map((value) => -value);
    const silent = writeAdapter('silent', {
      [`lora_unet_${norm}.w_norm`]: [[scale.length], scale],
    });
    const say = (prompt: string) =>
      runJob(
        embeddedJob({
          adapters: [{ path: silent, strength: 1 }],
          steps: 1,
          width: 64,
          height: 64,
          prompt,
        }),
        link(),
        memory,
      );
    const [one, other] = [await say('a cat'), await say('a red boat')];
    expect(relativeError(one.latent, other.latent)).toBeLessThan(1e-5);
    expect(relativeError(one.latent, none.latent)).toBeGreaterThan(1e-2);
  });

  test('in a region they are left out, and told of', async () => {
    const file = writeAdapter('bias and more', {
      [`${key}.lora_down.weight`]: [[3, width], spread(3 * width, 1, 1)],
      [`${key}.lora_up.weight`]: [[width, 3], spread(width * 3, 2, 1)],
      [`${convKey}.diff_b`]: [[convShape[0]!], spread(convShape[0]!, 3, 0.5)],
    });
    const coverage = new Uint8Array(64 * 64).fill(255);
    const made = await run([{ path: file, strength: 1, region: { width: 64, height: 64, coverage } }], 1);
    expect(made.notes).toEqual([expect.stringContaining('of biases and of norms belongs to no part')]);
    expect(
      relativeError(made.latent, (await run([{ path: lora('same', 1), strength: 1 }], 1)).latent),
    ).toBeLessThan(1e-4);
  });

  describe('in regions', () => {
    const region = (left: number, right: number): NonNullable<AdapterChoice['region']> => ({
      width: 64,
      height: 64,
      coverage: Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 ? left : right)),
    });

    test('a region of everything is no region, one of nothing is no adapter', async () => {
      const file = lora('regional', 11);
      const everywhere = await run([{ path: file, strength: 1 }]);
      const whole = await run([{ path: file, strength: 1, region: region(255, 255) }]);
      const nowhere = await run([{ path: file, strength: 1, region: region(0, 0) }]);
      expect(relativeError(whole.latent, everywhere.latent)).toBeLessThan(1e-4);
      expect(relativeError(nowhere.latent, (await run([])).latent)).toBeLessThan(1e-4);
    });

    test('two side by side are each alone on their side, of different ranks and in one pass', async () => {
      const [out = 0, inner = 0, height = 0, breadth = 0] = convShape;
      const convLora = (name: string, salt: number, rank: number): string =>
        writeAdapter(name, {
          [`${convKey}.lora_down.weight`]: [
            [rank, inner, height, breadth],
            spread(rank * inner * height * breadth, salt, 0.3),
          ],
          [`${convKey}.lora_up.weight`]: [[out, rank, 1, 1], spread(out * rank, salt + 1, 0.3)],
        });
      const [a, b] = [convLora('left', 13, 2), convLora('right', 17, 5)];
      const both = await run(
        [
          { path: a, strength: 1, region: region(255, 0) },
          { path: b, strength: 0.5, region: region(0, 255) },
        ],
        1,
      );
      const [left, right] = [
        await run([{ path: a, strength: 1 }], 1),
        await run([{ path: b, strength: 0.5 }], 1),
      ];
      // The last convolution sees its own cell's columns only, so one step does not mix the sides.
      const blend = both.latent.map((_, i) => (i % 4 < 2 ? left.latent[i]! : right.latent[i]!));
      expect(relativeError(left.latent, right.latent)).toBeGreaterThan(1e-2);
      expect(relativeError(both.latent, blend)).toBeLessThan(1e-4);
    });

    test('what has no rank form cannot be limited to one', async () => {
      const dense = writeAdapter('dense-region', {
        [`${key}.diff`]: [[width, width], spread(width * width, 5, 0.1)],
      });
      await expect(run([{ path: dense, strength: 1, region: region(255, 0) }])).rejects.toMatchObject({
        message: expect.stringContaining('cannot be limited to a region'),
      });
    });
  });

  test('a range of steps: off in all of them is off, on in the first half is on for the first half', async () => {
    const path_ = lora('ranged', 4);
    const none = await run([], 4);
    const never = await run([{ path: path_, strength: 1, start: 1 }], 4);
    expect(relativeError(never.latent, none.latent)).toBeLessThan(1e-5);
    const latents: Float32Array[] = [];
    const half = embeddedJob({
      adapters: [{ path: path_, strength: 1, end: 0.5 }],
      steps: 4,
      width: 64,
      height: 64,
    });
    await runJob(
      half,
      link({ state: ({ sampler }) => void latents.push((sampler as { latent: Float32Array }).latent) }),
      memory,
    );
    const always: Float32Array[] = [];
    const whole = { ...half, adapters: [{ path: path_, strength: 1 }] };
    await runJob(
      whole,
      link({ state: ({ sampler }) => void always.push((sampler as { latent: Float32Array }).latent) }),
      memory,
    );
    expect(latents[1]).toEqual(always[1]);
    expect(relativeError(latents[3]!, always[3]!)).toBeGreaterThan(1e-4);
  });

  test('a file of which nothing fits is refused, one of which something fits is noted', async () => {
    const foreign = writeAdapter('foreign', {
      'lora_unet_no_such_layer.lora_down.weight': [[2, 8], spread(16, 1, 1)],
      'lora_unet_no_such_layer.lora_up.weight': [[8, 2], spread(16, 2, 1)],
    });
    await expect(run([{ path: foreign, strength: 1 }])).rejects.toMatchObject({
      code: 'adapter-unsupported',
      message: expect.stringContaining('0 of 2 keys fit'),
    });
    const partly = writeAdapter('partly', {
      [`${key}.lora_down.weight`]: [[1, width], spread(width, 1, 1)],
      [`${key}.lora_up.weight`]: [[width, 1], spread(width, 2, 1)],
      'lora_unet_no_such_layer.lora_down.weight': [[2, 8], spread(16, 1, 1)],
    });
    expect((await run([{ path: partly, strength: 1 }])).notes.join()).toContain('2 of 3 keys fit');
    await expect(run([{ path: path.join(scratch, 'none.safetensors'), strength: 1 }])).rejects.toMatchObject({
      code: 'file-missing',
    });
  });
});

describe.skipIf(referenceFolder === undefined).each(['sd15-tiny', 'sdxl-tiny'] as const)(
  'a kohya LoRA on %s against diffusers (needs ../shared/reference)',
  (name) => {
    let reference: ReferenceCase;
    let model: OpenedModel;
    beforeAll(async () => {
      reference = await openReference(name, 'single file', 'F16');
      model = await openModel(reference.path);
      return () => reference.dispose();
    });

    test('a call of the UNet', async () => {
      const listed = JSON.parse(readFileSync(path.join(referenceFolder!, `${name}-lora.json`), 'utf8')) as [
        string,
        number[],
      ][];
      const { alpha, strength } = reference.settings.lora;
      const tensors: Record<string, readonly [number[], Float32Array]> = {};
      for (const [tensor, shape] of listed) {
        const bits = synthesiseTensor(tensor, shape, reference.model.salt);
        tensors[tensor] = [shape, Float32Array.from(bits, fromHalfBits)];
        tensors[`${tensor.split('.')[0]}.alpha`] = [[], Float32Array.of(alpha)];
      }
      const file = writeAdapter(name, tensors);
      const known = new Map<string, LoadedAdapter>();
      const notes = new Set<string>();
      const adapters = await ActiveAdapters.load([{ path: file, strength }], model, known, notes);
      expect([...notes]).toEqual([]);
      const memory = freshMemory();
      const compute = { provider: 'cpu', precision: 'fp32', threads: 1 } as const;
      const shape = { channels: 4, height: 16, width: 16 };
      const use = { adapters, control: false, regions: false, runs: 1 };
      const unet = await loadUnet(model, shape, { batch: 2, tokens: 77 }, use, memory.networks, compute);
      const output = await unet.run({
        ...reference.unetCall(),
        ...(await adapters.unetFeeds(unet.inputs, 0)),
      });
      expect(relativeError(output.get('out_sample')!, reference.floats('lora.out'))).toBeLessThan(1e-4);
      await memory.networks.clear();
    });
  },
);
