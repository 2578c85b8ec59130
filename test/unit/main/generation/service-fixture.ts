import type { DeviceReport } from '../../../../main/inference/devices/device-report.ts';
import { embeddedModelCard } from '../../../../main/models/embedded-model.ts';
import type { LibraryModel } from '../../../../main/models/model-library.ts';
import type { GenerationRequest } from '../../../../preload/contract/index.ts';

/** Content hash of {@link model}. */
export const MODEL_HASH = 'b'.repeat(64);
/** The model that ships, somewhere else. */
export const model: LibraryModel = {
  card: embeddedModelCard(),
  path: '/models/embedded',
  kind: 'folder',
  sha256: () => Promise.resolve(MODEL_HASH),
};
/** A machine with a processor. */
export const devices: DeviceReport = {
  chosen: 'cpu',
  tried: [],
  compute: { provider: 'cpu', precision: 'fp32', threads: 2 },
  memoryBytes: 1,
  freeMemoryBytes: 1,
  cores: 2,
};
/** A plain request that fits the model. */
export const request: GenerationRequest = {
  modelId: 'embedded',
  prompt: 'a boat',
  negative: '',
  sampler: 'ddim',
  steps: 10,
  guidance: 4.5,
  seed: 1,
  noise: 'philox',
  width: 64,
  height: 128,
  init: null,
  adapters: [],
};
