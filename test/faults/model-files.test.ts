import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFile } from '../../main/models/describe-file.ts';
import { openAdapterFile } from '../../native-models/adapters/adapter-source.ts';
import { readDelta } from '../../native-models/adapters/dense-delta.ts';
import { readPair } from '../../native-models/adapters/low-rank-pair.ts';
import { hasRankForm, readAdapter } from '../../native-models/adapters/read-adapter.ts';
import { readTextualInversion } from '../../native-models/adapters/textual-inversion.ts';
import { buildUnet } from '../../native-models/architectures/unet.ts';
import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import { ModelError } from '../../native-models/errors.ts';
import { assemble, type FilePieces, mutateFile, seeded } from '../fixtures/mutate-safetensors.ts';
import { scratchFolder } from '../fixtures/scratch-folder.ts';

// IMPASTO_MUTATIONS=1000000 npx vitest run test/faults/model-files.test.ts tries more, IMPASTO_SEED others.
const total = Number(process.env['IMPASTO_MUTATIONS'] ?? 4000);
const seed = Number(process.env['IMPASTO_SEED'] ?? 2022);
/** A checkpoint has three hundred tensors where an adapter here has three: fewer of them are tried. */
const checkpoints = Math.round(total * 0.08);
const timeout = Math.max(60_000, total * 20);

const folder = scratchFolder();

/** A step in reading a file; its ModelError is an answer, anything else that it throws is a fault. */
async function answer<T>(step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ModelError) {
      expect(error.message).not.toBe('');
      expect(error.remedy).not.toBe('');
      return undefined;
    }
    throw error;
  }
}

/** Runs it on each mutated file; says which seed and file it was when something is wrong. */
async function each(
  count: number,
  bases: readonly FilePieces[],
  read: (file: string, i: number) => Promise<boolean>,
  write: (file: string, bytes: Uint8Array) => void = (file, bytes) => writeFileSync(file, bytes),
): Promise<{ results: number; errors: number }> {
  const random = seeded(seed);
  const file = path.join(folder, 'mutated.safetensors');
  const tally = { results: 0, errors: 0 };
  for (let i = 0; i < count; i++) {
    const base = bases[i % bases.length]!;
    // A new file each time: some file systems wait for the disk when an old one is replaced.
    rmSync(file, { force: true });
    write(file, mutateFile(base, random));
    const begun = process.cpuUsage();
    const where = `file ${i} of seed ${seed}`;
    const worked = await read(file, i).catch((cause: unknown) => {
      throw new Error(`${where} gave no ModelError: ${String(cause)}`, { cause });
    });
    // The process's own time: others may keep the machine busy.
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1000, `milliseconds for ${where}`).toBeLessThan(1000);
    tally[worked ? 'results' : 'errors'] += 1;
  }
  return tally;
}

type Tensors = Readonly<Record<string, readonly number[]>>;

/** A file of those tensors, its values small and regular. */
function pieces(tensors: Tensors, dtype: 'F32' | 'F16', metadata?: Record<string, string>): FilePieces {
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  let end = 0;
  for (const [name, shape] of Object.entries(tensors)) {
    const begin = end;
    end += shape.reduce((a, b) => a * b, 1) * (dtype === 'F16' ? 2 : 4);
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const data = new Uint8Array(end);
  if (dtype === 'F16') new Uint16Array(data.buffer).fill(0x3400);
  else new Float32Array(data.buffer).fill(0.25);
  return { header, data };
}

const K = 'lora_unet_layer';
const adapters: readonly FilePieces[] = [
  pieces(
    {
      [`${K}.lora_down.weight`]: [2, 8],
      [`${K}.lora_up.weight`]: [6, 2],
      [`${K}.alpha`]: [],
      [`${K}.dora_scale`]: [6, 1],
    },
    'F32',
    { ss_network_module: 'networks.lora', ss_tag_frequency: '{"a": {"b": 1}}' },
  ),
  pieces({ 'unet.layer.lora_A.weight': [2, 8], 'unet.layer.lora_B.weight': [6, 2] }, 'F16', {
    lora_adapter_metadata: '{"unet.lora_alpha": 4, "unet.r": 2}',
  }),
  pieces(
    {
      [`${K}.hada_w1_a`]: [6, 2],
      [`${K}.hada_w1_b`]: [2, 8],
      [`${K}.hada_w2_a`]: [6, 2],
      [`${K}.hada_w2_b`]: [2, 8],
      [`${K}.alpha`]: [],
    },
    'F16',
  ),
  pieces(
    {
      [`${K}.lokr_w1`]: [2, 4],
      [`${K}.lokr_w2_a`]: [3, 1],
      [`${K}.lokr_w2_b`]: [1, 2],
      [`${K}.alpha`]: [],
    },
    'F32',
  ),
  pieces({ [`${K}.diff`]: [6, 8], [`${K}.diff_b`]: [6] }, 'F16'),
  pieces({ emb_params: [3, 16] }, 'F32'),
  pieces({ clip_l: [2, 16], clip_g: [2, 24] }, 'F16'),
];
const target = {
  family: 'SD 1.x',
  sites: {
    unet: [
      {
        name: 'layer',
        kind: 'linear' as const,
        inFeatures: 8,
        outFeatures: 6,
        kernel: [1, 1] as [number, number],
      },
    ],
  },
};

/** Everything that the studio does with a small file: told what it is, read, and made into what graphs take. */
async function useSmallFile(file: string, i: number): Promise<boolean> {
  // Tells by reading the file several times over, so that every fourth has to do.
  if (i % 4 === 0) await answer(() => describeFile(file));
  const source = await answer(() => openAdapterFile(file));
  if (source === undefined) return false;
  const words = await answer(() => readTextualInversion(source));
  const adapter = await answer(() => readAdapter(source, target));
  let fed = words !== undefined;
  for (const layer of adapter?.layers ?? []) {
    const size = layer.parameter === 'bias' ? 6 : 48;
    const delta = await answer(() => readDelta(source, layer, new Float32Array(size).fill(0.5), 1));
    if (delta === undefined) continue;
    expect(delta).toHaveLength(size);
    expect(delta.every(Number.isFinite)).toBe(true);
    fed = true;
    if (!hasRankForm(layer)) continue;
    const pair = await answer(() => readPair(source, layer));
    expect(pair?.a.every(Number.isFinite) ?? true).toBe(true);
  }
  return fed;
}

describe(`${total} mutated model files`, () => {
  it(
    `${total - checkpoints} adapters and embeddings: a ModelError or finite numbers each`,
    async () => {
      const before = process.resourceUsage().maxRSS;
      const { results, errors } = await each(total - checkpoints, adapters, useSmallFile);
      // The mutations are neither all harmless nor all fatal, or this would test one side only.
      expect(results).toBeGreaterThan(total / 20);
      expect(errors).toBeGreaterThan(total / 5);
      // No count in a header was believed: kilobytes of file are not gigabytes of memory.
      expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(512);
    },
    timeout,
  );

  it(
    `${checkpoints} checkpoints: a ModelError or a graph each`,
    async () => {
      const fixture = path.resolve(import.meta.dirname, '../fixtures/sd1-single-file-keys.json');
      const keys = JSON.parse(readFileSync(fixture, 'utf8')) as [string, number[]][];
      const whole = pieces(Object.fromEntries(keys), 'F16', { format: 'pt' });
      // Weights are read by the runtime alone, so that the data can be a hole in the file.
      const base: FilePieces = { header: whole.header, data: new Uint8Array(64) };
      const holeBytes = whole.data.length - base.data.length;
      const hollow = (file: string, bytes: Uint8Array): void => {
        writeFileSync(file, bytes);
        if (bytes.length > 1000) truncateSync(file, bytes.length + holeBytes);
      };
      hollow(path.join(folder, 'sound.safetensors'), assemble(base.header, base.data));
      const sound = await openCheckpoint(path.join(folder, 'sound.safetensors'));
      expect(sound.missing).toEqual([]);

      const { results, errors } = await each(
        checkpoints,
        [base],
        async (file) => {
          const opened = await answer(() => openCheckpoint(file));
          if (opened === undefined) return false;
          const size = { batch: 1, height: 4, width: 4, contextTokens: 77 };
          const built = await answer(async () => buildUnet(opened.unet, size));
          return built !== undefined;
        },
        hollow,
      );
      expect(results).toBeGreaterThan(checkpoints / 20);
      expect(errors).toBeGreaterThan(checkpoints / 5);
    },
    timeout,
  );
});
