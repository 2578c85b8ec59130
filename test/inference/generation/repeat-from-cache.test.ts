import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { createStudio, type Studio } from '../../../main/studio/studio.ts';
import type {
  Raster,
  RequestName,
  RequestParams,
  RequestResult,
  ResultSummary,
} from '../../../preload/contract/index.ts';
import { createWorkplace, type Workplace } from '../../faults/cli/run-impasto.ts';

type Request = RequestParams<'generation.start'>;

const PAIRS = Number(process.env['IMPASTO_PAIRS'] ?? 4);
const installation = locateInstallation(join(import.meta.dirname, '../../../main/hosting'));

let place: Workplace;
/** One computes everything; the other may take from the cache. */
let computing: Studio;
let caching: Studio;

const open = (dataFolder: string, repeatFromCache: boolean): Promise<Studio> =>
  createStudio({
    host: 'headless',
    version: installation.version,
    dataFolder,
    documentsFolder: join(place.folder, 'documents'),
    embeddedModelFolder: installation.embeddedModel,
    launch: launchNode(installation.entries),
    previews: false,
    repeatFromCache,
    log: () => {},
  });
beforeAll(async () => {
  place = createWorkplace();
  computing = await open(join(place.folder, 'computing'), false);
  caching = await open(join(place.folder, 'caching'), true);
});
afterAll(async () => {
  await Promise.all([computing.close(), caching.close()]);
  place.remove();
});

async function ask<N extends RequestName>(studio: Studio, name: N, params: RequestParams<N>) {
  const answer = await studio.handle(name, params);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value as RequestResult<N>;
}
/** Runs a request to pixels; `ran` says whether a step was painted. */
async function paint(studio: Studio, request: Request): Promise<{ raster: Raster; ran: boolean }> {
  const done = Promise.withResolvers<ResultSummary>();
  let ran = false;
  const unsubscribe = studio.subscribe((event) => {
    if (event.name === 'generation.progress') ran ||= (event.payload as { step: number }).step > 0;
    if (event.name === 'generation.finished')
      done.resolve((event.payload as { result: ResultSummary }).result);
    if (event.name === 'generation.failed') done.reject(new Error(JSON.stringify(event.payload)));
  });
  await ask(studio, 'generation.start', request);
  const { resultId } = await done.promise.finally(unsubscribe);
  return { raster: (await ask(studio, 'generation.result', { resultId })).raster, ran };
}

const pick = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)]!;
const randomRequest = (): Request => ({
  modelId: 'embedded',
  prompt: pick(['a red fox', 'a boat at dawn', 'mountains, oil painting']),
  negative: pick(['', 'grey']),
  sampler: pick(['ddim', 'euler', 'dpmpp_2m']),
  steps: pick([1, 2, 3]),
  guidance: pick([1, 4.5]),
  seed: Math.floor(Math.random() * 1e9),
  noise: pick(['philox', 'torch-cpu']),
  width: 64,
  height: pick([64, 128]),
  init: null,
  adapters: [],
});
const edit = (request: Request): Request => ({
  ...request,
  ...pick<Partial<Request>>([
    { seed: request.seed + 1 },
    { prompt: `${request.prompt}, snow` },
    { steps: request.steps + 1 },
    { guidance: request.guidance + 0.5 },
    // Without guidance nobody reads a negative prompt.
    request.guidance === 1 ? { seed: request.seed + 2 } : { negative: `${request.negative} blur` },
  ]),
});

test(`${PAIRS} random requests and edits of them are the same byte for byte with and without the cache`, async () => {
  for (let i = 0; i < PAIRS; i++) {
    const request = randomRequest();
    for (const asked of [request, edit(request)]) {
      const plain = await paint(computing, asked);
      const first = await paint(caching, asked);
      const again = await paint(caching, asked);
      expect([plain.ran, first.ran, again.ran], JSON.stringify(asked)).toEqual([true, true, false]);
      expect(first.raster).toEqual(plain.raster);
      expect(again.raster).toEqual(plain.raster);
    }
  }
}, 300_000);
