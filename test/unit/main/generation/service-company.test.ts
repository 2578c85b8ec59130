import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGenerationService } from '../../../../main/generation/generation-service.ts';
import { toErrorData } from '../../../../main/studio/error-data.ts';
import { createFakeHost } from './fake-host.ts';
import { devices, model, request } from './service-fixture.ts';

test('jobs of a small model that need nothing else go to the worker together; another size keeps apart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'impasto-company-'));
  const host = createFakeHost();
  const ended = new EventTarget();
  const small = { ...model, card: { ...model.card, bytes: 1e7 } };
  const service = createGenerationService({
    dataFolder: folder,
    library: {
      open: () => Promise.reject(new Error('nothing is opened here')),
      list: () => [small.card],
      get: () => Promise.resolve(small),
      fitAdapter: () => Promise.reject(new Error('no adapters here')),
      findAdapter: () => null,
      hashFile: () => Promise.resolve('c'.repeat(64)),
    },
    host,
    devices: () => Promise.resolve(devices),
    emit({ name, payload }) {
      if (name === 'generation.finished') ended.dispatchEvent(new Event(payload.jobId));
    },
    describeError: (error) => toErrorData(error, () => {}),
    previewEvery: 0,
  });
  try {
    const start = (change: Partial<typeof request>) => service.start({ ...request, ...change });
    const ids = await Promise.all([1, 2].map((seed) => start({ seed })));
    const other = await start({ seed: 3, width: request.width * 2 });
    const [first, second] = [await host.next(), await host.next()];
    expect([first.job.seed, second.job.seed]).toEqual([1, 2]);
    expect(first.job.company).toBeTypeOf('string');
    expect(second.job.company).toBe(first.job.company);
    // What it waits behind is another size's: it begins when both are done.
    second.finish();
    await once(ended, ids[1]!.jobId);
    expect(host.waiting()).toBe(0);
    first.finish();
    const third = await host.next();
    expect(third.job.seed).toBe(3);
    expect(third.job.company).not.toBe(first.job.company);
    third.finish();
    await once(ended, other.jobId);
  } finally {
    await service.close();
    rmSync(folder, { recursive: true });
  }
});
