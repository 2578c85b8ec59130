import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { createInferenceHost } from '../../../main/inference/host/create-inference-host.ts';
import type { InferenceHost } from '../../../main/inference/host/inference-host.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { embeddedModelCard } from '../../../main/models/embedded-model.ts';
import type { LibraryModel } from '../../../main/models/model-library.ts';
import { verifyModel } from '../../../main/verify/verify-model.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';

const installation = locateInstallation(join(import.meta.dirname, '../../../main/hosting'));
const host = createInferenceHost({ launch: launchNode(installation.entries) });
afterAll(() => host.dispose());

const cacheFolder = scratchFolder();
const model: LibraryModel = {
  card: { ...embeddedModelCard(), sizeMultiple: 64 },
  path: installation.embeddedModel,
  kind: 'folder',
  sha256: () => Promise.resolve('e'.repeat(64)),
};
/** The real worker at 64 px, so that the test is quick. */
const small: Pick<InferenceHost, 'run'> = {
  run: (job, listeners, signal) => host.run({ ...job, width: 64, height: 64 }, listeners, signal),
};
const verdicts = (on: Pick<InferenceHost, 'run'>, providers: readonly ('cuda' | 'cpu')[] = []) =>
  Array.fromAsync(
    verifyModel(model, { host: on, providers, cacheFolder, signal: new AbortController().signal }),
  );

test('the embedded model may be used in every form of the processor, and the fewer bits the more is lost', async () => {
  const all = await verdicts(small);
  expect(all.map(({ precision, linear, verdict }) => [precision, linear, verdict])).toEqual([
    ['fp32', null, 'ok'],
    ['fp16', null, 'ok'],
    ['fp32', 'int8', 'ok'],
    ['fp32', 'int4', 'ok'],
  ]);
  const [same, half, int8, int4] = all.map(({ error }) => error!);
  expect(same).toBe(0);
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(int4!);
  expect(int8).toBeGreaterThan(0);
  expect(int8).toBeLessThan(int4!);
});

test('a device that gives other numbers, falls back or fails is not used', async () => {
  const wrong: Pick<InferenceHost, 'run'> = {
    async run(job, listeners, signal) {
      if (job.compute.provider === 'cuda' && job.compute.precision === 'fp16')
        throw new Error('no such kernel');
      const cpu = { ...job.compute, provider: 'cpu', precision: 'fp32' } as const;
      const result = await small.run({ ...job, compute: cpu }, listeners, signal);
      if (job.compute.provider === 'cpu') return result;
      const latent = result.latent.map((value, i) => (i === 5 ? value + 1 : value));
      return { ...result, latent, providers: { UNet: 'cuda' } };
    },
  };
  const found = (await verdicts(wrong, ['cuda'])).filter(({ provider }) => provider === 'cuda');
  expect(found).toMatchObject([
    { precision: 'fp32', verdict: 'miss' },
    { precision: 'fp16', verdict: 'failed', note: 'no such kernel', error: null },
  ]);
  const fellBack: Pick<InferenceHost, 'run'> = {
    async run(job, listeners, signal) {
      const cpu = { ...job.compute, provider: 'cpu', precision: 'fp32' } as const;
      return small.run({ ...job, compute: cpu }, listeners, signal);
    },
  };
  const [, , fallen] = await verdicts(fellBack, ['cuda']);
  expect(fallen).toMatchObject({ provider: 'cuda', verdict: 'failed' });
  expect(fallen?.note).toMatch(/ran on cpu/);
});
