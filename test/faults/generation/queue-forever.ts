import { join } from 'node:path';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { createStudio } from '../../../main/studio/studio.ts';
import type { RequestName, RequestParams, RequestResult } from '../../../preload/contract/index.ts';

/** A studio that keeps its queue: puts fifty long jobs in and prints each id, then paints until it is killed. The seeds count from 0. */
const [, , folder = '', count = '50'] = process.argv;
const installation = locateInstallation(join(import.meta.dirname, '../../../main/hosting'));
const studio = await createStudio({
  host: 'headless',
  version: installation.version,
  dataFolder: join(folder, 'data'),
  documentsFolder: join(folder, 'documents'),
  embeddedModelFolder: installation.embeddedModel,
  launch: launchNode(installation.entries),
  previews: false,
  repeatFromCache: true,
  keepQueue: true,
  log: () => {},
});
async function ask<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> {
  const answer = await studio.handle(name, params);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as RequestResult<N>;
}

// Held back until all are in: on a quick machine with a slow disk the first would be done by then.
await ask('queue.pause', { paused: true });
for (let seed = 0; seed < Number(count); seed++) {
  const { jobId } = await ask('generation.start', {
    modelId: 'embedded',
    prompt: 'a boat',
    negative: '',
    sampler: 'euler-ancestral',
    steps: 1000,
    guidance: 4,
    seed,
    noise: 'philox',
    width: 64,
    height: 64,
    init: null,
    adapters: [],
    lane: 'batch',
  });
  process.stdout.write(`${jobId}\n`);
}
await ask('queue.pause', { paused: false });
