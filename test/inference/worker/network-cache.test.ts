import { afterAll, expect, test } from 'vitest';
import { planMemory } from '../../../main/inference/sessions/memory-plan.ts';
import { createNetworkCache, type NetworkRequest } from '../../../main/inference/sessions/network-cache.ts';
import { openModel, weightBytes } from '../../../main/inference/stages/opened-model.ts';
import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';
import { embeddedModel } from './worker-memory.ts';

const model = await openModel(embeddedModel);
const built: string[] = [];

/** The encoder at a size of its own, as a network that is told apart by its name. */
function request(key: string): NetworkRequest {
  return {
    name: key,
    key,
    weightBytes: weightBytes(model.vae.weights),
    compute: { provider: 'cpu', precision: 'fp32', threads: 1 },
    build: () => {
      built.push(key);
      return buildVaeEncoder(model.vae, { batch: 1, height: 64, width: 64 });
    },
  };
}

const plan = planMemory(request('measured').build(), {
  weightBytes: weightBytes(model.vae.weights),
  runs: 1,
});
const one = plan.held + plan.mapped;
const cache = createNetworkCache(() => {}, 2.5 * one);
afterAll(() => cache.clear());

test('what was used last stays loaded; the one that was not used for longest goes', async () => {
  built.length = 0;
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(request(key));
  expect(built).toEqual(['a', 'b', 'c', 'b']);
});
