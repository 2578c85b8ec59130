import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createGenerationService,
  type GenerationService,
} from '../../../../main/generation/generation-service.ts';
import { toErrorData } from '../../../../main/studio/error-data.ts';
import { judge } from '../../../../main/verify/model-verdict.ts';
import { openVerdictStore, type VerdictStore } from '../../../../main/verify/verdict-store.ts';
import type { StudioEvent } from '../../../../preload/contract/index.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { createFakeHost } from './fake-host.ts';
import { devices, model, MODEL_HASH, request } from './service-fixture.ts';

const root = scratchFolder();
let count = 0;
let host: ReturnType<typeof createFakeHost>;
let store: VerdictStore;
let service: GenerationService;
let told: StudioEvent[];
/** What the check finds, relative to fp32. */
let error: number;
let checks: number;

beforeEach(() => {
  const dataFolder = `${root}/${count++}`;
  host = createFakeHost();
  store = openVerdictStore(dataFolder);
  told = [];
  checks = 0;
  service = createGenerationService({
    dataFolder,
    library: {
      open: () => Promise.reject(new Error('nothing is opened here')),
      list: () => [model.card],
      get: () => Promise.resolve(model),
      fitAdapter: () => Promise.reject(new Error('no adapters here')),
      findAdapter: () => null,
      hashFile: () => Promise.resolve('c'.repeat(64)),
    },
    host,
    devices: () => Promise.resolve(devices),
    emit: (event) => void told.push(event),
    describeError: (thrown) => toErrorData(thrown, () => {}),
    previewEvery: 0,
    gate: {
      verdicts: store,
      dataFolder,
      judge(_model, form) {
        checks += 1;
        store.keep(MODEL_HASH, judge(form, error, ''));
        return Promise.resolve();
      },
    },
  });
});
afterEach(async () => {
  await service.close();
  store.close();
});

const named = (name: StudioEvent['name']) => told.filter((event) => event.name === name);

test('a form that nobody judged is checked once, while the page is told, and then used', async () => {
  error = 1e-3;
  for (const expected of [1, 1]) {
    await service.start({ ...request, precision: 'int8' });
    const held = await host.next();
    expect(held.job.compute.linear).toBe('int8');
    expect(held.job.fewerBits).toMatchObject({ source: MODEL_HASH });
    held.finish({ linear: { scheme: 'int8', error: 0.0025 } });
    await expect.poll(() => named('generation.finished').length).toBeGreaterThan(0);
    expect(checks).toBe(expected);
  }
  expect(JSON.stringify(named('generation.progress'))).toMatch(/Checking cpu fp32 int8 on /);
  expect(JSON.stringify(named('studio.notice'))).toMatch(/Linear layers ran in int8.*0\.25 % off/);
  expect(named('generation.finished')[0]).toMatchObject({
    payload: { result: { recipe: { linear: 'int8' } } },
  });
});

test('a form that the check finds wrong does not run, and the next request is refused at once', async () => {
  error = 0.9;
  await service.start({ ...request, precision: 'int8' });
  await expect.poll(() => named('generation.failed')).toHaveLength(1);
  expect(named('generation.failed')[0]).toMatchObject({
    payload: { state: 'failed', error: { code: 'generation/form-refused' } },
  });
  expect(host.waiting()).toBe(0);
  await expect(service.start({ ...request, precision: 'int8' })).rejects.toMatchObject({
    code: 'generation/form-refused',
  });
  expect(checks).toBe(1);
});
