import { appendFileSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { FewerBits } from '../../../main/inference/protocol.ts';
import { linearsFor } from '../../../main/inference/stages/fewer-bits.ts';
import { openModel } from '../../../main/inference/stages/opened-model.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import { writeFittingLora } from '../../fixtures/made-up-lora.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { embeddedJob, embeddedModel, freshMemory, link } from './worker-memory.ts';

const folder = scratchFolder();
const plain = embeddedJob().compute;
const cache = (name: string, reserve: FewerBits['reserve'] = []): FewerBits => ({
  folder: path.join(folder, name),
  source: 'a'.repeat(64),
  budget: 2 ** 30,
  reserve,
});

it('paints nearly the same in 8 bits, less nearly in 4, the same bytes each time, and adapters act', async () => {
  const memory = freshMemory();
  const exact = await runJob(embeddedJob(), link(), memory);
  const errors: number[] = [];
  for (const linear of ['int8', 'int4'] as const) {
    const job = embeddedJob({ compute: { ...plain, linear }, fewerBits: cache('pictures') });
    const result = await runJob(job, link(), memory);
    expect(result.linear).toMatchObject({ scheme: linear });
    errors.push(relativeError(result.latent, exact.latent));
    const again = await runJob(job, link(), freshMemory());
    expect(again.rgba).toEqual(result.rgba);
    const lora = path.join(folder, 'ink.safetensors');
    await writeFittingLora(lora, embeddedModel);
    const inked = await runJob({ ...job, adapters: [{ path: lora, strength: 1 }] }, link(), memory);
    expect(relativeError(inked.latent, result.latent)).toBeGreaterThan(0.01);
  }
  const [int8 = 0, int4 = 0] = errors;
  expect(int8).toBeGreaterThan(0);
  expect(int8).toBeLessThan(0.05);
  expect(int4).toBeGreaterThan(int8);
  expect(int4).toBeLessThan(0.5);
});

it('falls back where memory is short, to the first form that is near enough, and says so', async () => {
  const model = await openModel(embeddedModel);
  const [shape, text] = [
    { channels: 4, height: 16, width: 16 },
    { batch: 2, tokens: 77 },
  ];
  const notes = new Set<string>();
  const reserve = [
    { scheme: 'int8', bar: 1e-9 },
    { scheme: 'int4', bar: 0.2 },
  ] as const;
  const job = embeddedJob({ fewerBits: cache('short', reserve) });
  expect(await linearsFor(job, model, shape, text, notes, 2 ** 34)).toBeUndefined();
  expect(notes.size).toBe(0);
  const linears = await linearsFor(job, model, shape, text, notes, 2 ** 25);
  expect(linears).toMatchObject({ scheme: 'int4' });
  expect([...notes].join()).toMatch(/Memory is short .* 4 bits, \d\.\d\d % off fp32/);
  // A reserve of nothing near enough leaves the model as it is.
  const strict = embeddedJob({ fewerBits: cache('short', [{ scheme: 'int8', bar: 1e-9 }]) });
  expect(await linearsFor(strict, model, shape, text, notes, 2 ** 25)).toBeUndefined();
});

it('makes a damaged file again, keeps the cache within its budget, and leaves nothing half written', async () => {
  const bits = cache('kept');
  const model = await openModel(embeddedModel);
  const [shape, text] = [
    { channels: 4, height: 16, width: 16 },
    { batch: 2, tokens: 77 },
  ];
  const store = async (linear: 'int8' | 'int4', budget: number) =>
    linearsFor(
      embeddedJob({ compute: { ...plain, linear }, fewerBits: { ...bits, budget } }),
      model,
      shape,
      text,
      new Set(),
    );
  const weights = () => readdirSync(bits.folder).filter((name) => name.endsWith('.safetensors'));
  await store('int8', 2 ** 30);
  const [int8 = ''] = weights();
  const file = path.join(bits.folder, int8);
  const whole = readFileSync(file);
  const spoilt = Buffer.from(whole);
  spoilt[whole.length - 100] = spoilt[whole.length - 100]! ^ 0xff;
  writeFileSync(file, spoilt);
  await store('int8', 2 ** 30);
  expect(readFileSync(file).equals(whole)).toBe(true);
  utimesSync(file.replace('.safetensors', '.json'), 1, 1);
  await store('int4', statSync(file).size);
  expect(weights()).toEqual([expect.stringMatching(/int4/)]);
  expect(readdirSync(bits.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  appendFileSync(path.join(bits.folder, weights()[0]!), 'x');
  expect(await store('int4', 2 ** 30)).toMatchObject({ scheme: 'int4' });
});
