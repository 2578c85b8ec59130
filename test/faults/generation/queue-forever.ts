import { join } from 'node:path';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { createStudio } from '../../../main/studio/studio.ts';

/** A studio that keeps its queue: puts fifty long jobs in and prints each id, then paints until it is killed; each step with its moment in ms. */
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
studio.subscribe(({ name, payload }) => {
  const { step } = payload as { step: number };
  if (name === 'generation.progress' && step > 0) process.stdout.write(`step ${step} ${performance.now()}\n`);
});
for (let seed = 0; seed < Number(count); seed++) {
  const answer = await studio.handle('generation.start', {
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
  if (!answer.ok) throw new Error(answer.error.message);
  process.stdout.write(`job ${(answer.value as { jobId: string }).jobId}\n`);
}
