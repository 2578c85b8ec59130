import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { EmbeddingChoice } from '../../../main/inference/protocol.ts';
import { readWeight } from '../../../main/inference/stages/read-weight.ts';
import { openModel } from '../../../main/inference/stages/opened-model.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import type { WorkerMemory } from '../../../main/inference/worker/worker-memory.ts';
import { loadTokenizer } from '../../../native-models/text/load-tokenizer.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { writeSafetensors } from '../../fixtures/write-safetensors.ts';
import { embeddedJob, embeddedModel, freshMemory, link } from './worker-memory.ts';

let memory: WorkerMemory;
let scratch: string;
let width: number;
/** The model's own table of token embeddings, row by row. */
let table: Float32Array;

beforeAll(async () => {
  memory = freshMemory();
  scratch = mkdtempSync(path.join(tmpdir(), 'impasto-embeddings-'));
  const encoder = (await openModel(embeddedModel)).checkpoint.textEncoders[0]!;
  width = encoder.config.hiddenSize;
  const shape = [encoder.config.vocabSize, width];
  table = await readWeight(encoder.weights, 'text_model.embeddings.token_embedding', shape);
  return async () => {
    await memory.networks.clear();
    rmSync(scratch, { recursive: true });
  };
});

function writeEmbedding(name: string, vectors: Float32Array, columns = width): string {
  const file = path.join(scratch, `${name}.safetensors`);
  const shape = [vectors.length / columns, columns];
  writeSafetensors(file, [
    ['emb_params', { dtype: 'F32', shape, bytes: () => new Uint8Array(vectors.buffer) }],
  ]);
  return file;
}

const run = (prompt: string, embeddings: readonly EmbeddingChoice[] = []) =>
  runJob(embeddedJob({ prompt, embeddings, steps: 2, width: 64, height: 64 }), link(), memory);

test('an embedding of a word’s own vectors is the word', async () => {
  const tokenizer = await loadTokenizer(path.join(embeddedModel, 'tokenizer'));
  const { ids } = tokenizer.encode('red cat');
  const rows = Float32Array.from(ids.flatMap((id) => [...table.subarray(id * width, (id + 1) * width)]));
  const choice = { path: writeEmbedding('own', rows), name: 'zzqx' };
  const word = await run('a red cat, watercolor');
  const found = await run('a zzqx, watercolor', [choice]);
  const without = await run('a zzqx, watercolor');
  expect(relativeError(found.latent, word.latent)).toBeLessThan(1e-4);
  expect(relativeError(without.latent, word.latent)).toBeGreaterThan(1e-3);
});

test('one of another width is refused in words, where it is used', async () => {
  const choice = { path: writeEmbedding('wide', new Float32Array(768), 768), name: 'zzqx' };
  await expect(run('a zzqx', [choice])).rejects.toMatchObject({
    code: 'adapter-unsupported',
    message: expect.stringContaining('vectors of 768 values'),
  });
  await expect(run('a cat', [choice])).resolves.toBeDefined();
});
