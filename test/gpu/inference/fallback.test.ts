import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ActiveAdapters } from '../../../main/inference/stages/adapter-inputs.ts';
import { encodeChunk } from '../../../main/inference/stages/encode-text.ts';
import { openModel } from '../../../main/inference/stages/opened-model.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { embeddedModel, freshMemory } from '../../inference/worker/worker-memory.ts';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

test.skipIf(!existsSync(swiftShader))(
  'a kernel that a device turns out to lack when it runs moves the network to the processor (needs SwiftShader)',
  async () => {
    process.env['VK_ICD_FILENAMES'] = swiftShader;
    const model = await openModel(embeddedModel);
    const adapters = await ActiveAdapters.load([], model, new Map(), new Set());
    const chunk = {
      ids: new Int32Array(32).fill(1250),
      weights: new Float32Array(32).fill(1),
      embeddings: [],
    };
    const notices: string[] = [];
    const encode = async (provider: 'webgpu' | 'cpu') => {
      const { networks } = freshMemory(notices);
      const compute = { provider, precision: 'fp32', threads: 2 } as const;
      const { last } = await encodeChunk(model, 0, chunk, {
        clipSkip: 1,
        networks,
        compute,
        adapters,
        embeddings: new Map(),
      });
      await networks.clear();
      return last;
    };
    // SwiftShader has no 16-bit floats, which the table of token embeddings is stored in.
    const found = await encode('webgpu');
    expect(notices.join()).toMatch(/webgpu could not take the text encoder .*f16.* runs on the processor/);
    expect(relativeError(found, await encode('cpu'))).toBe(0);
  },
);
