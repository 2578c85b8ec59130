import { expect, test } from 'vitest';
import { runPart } from '../../../../main/cli/parse-inputs.ts';
import { resolveRequest } from '../../../../main/generation/resolve-request.ts';
import { openInputStore } from '../../../../main/generation/inputs/input-store.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { devices, model, request } from './service-fixture.ts';

const resolver = {
  library: {
    get: () => Promise.resolve(model),
    fitAdapter: () => Promise.reject(new Error('no adapters here')),
    findAdapter: () => null,
    hashFile: () => Promise.resolve('c'.repeat(64)),
  },
  devices: () => Promise.resolve(devices),
  inputs: openInputStore(scratchFolder()),
  previewEvery: 0,
};

test('rescaled guidance and its interval reach the job and the recipe', async () => {
  const options = { guidanceRescale: 0.7, guidanceInterval: { start: 0.1, end: 0.8 } };
  const { job, recipe } = await resolveRequest({ ...request, ...options }, resolver);
  expect(job).toMatchObject(options);
  expect(await recipe('cpu')).toMatchObject(options);
  const plain = await resolveRequest({ ...request, guidanceRescale: 0 }, resolver);
  expect(Object.keys(await plain.recipe('cpu'))).not.toContain('guidanceRescale');
});

test('a part of a run is two shares in their order', () => {
  expect(runPart('0.1-0.8')).toEqual({ start: 0.1, end: 0.8 });
  for (const text of ['0.8-0.1', '0-2', 'a-b', '0.5', '']) expect(() => runPart(text)).toThrow();
});
