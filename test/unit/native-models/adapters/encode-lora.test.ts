import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAdapterFile } from '../../../../native-models/adapters/adapter-source.ts';
import { encodeLora } from '../../../../native-models/adapters/encode-lora.ts';
import { readPair } from '../../../../native-models/adapters/low-rank-pair.ts';
import { readAdapter } from '../../../../native-models/adapters/read-adapter.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';

const scratch = scratchFolder();
/** The layers of an SDXL-like way down, which original numbers depend on. */
const modules = [
  'down_blocks.0.resnets.0.conv1',
  'down_blocks.0.resnets.1.conv1',
  'down_blocks.0.downsamplers.0.conv',
  'down_blocks.1.resnets.0.conv1',
  'down_blocks.1.attentions.0.proj_in',
  'up_blocks.0.resnets.0.conv1',
];
const pair = {
  site: 'down_blocks.1.attentions.0.proj_in',
  down: { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  up: { shape: [4, 2], values: Float32Array.of(1, 0, 0, 1, 2, 0, 0, 2) },
};

test.each([
  ['SDXL, by original names', true, 'lora_unet_input_blocks_4_1_proj_in'],
  ["others, by diffusers'", false, 'lora_unet_down_blocks_1_attentions_0_proj_in'],
])('%s: read back as it was written', async (name, original, key) => {
  const file = join(scratch, `${original}.safetensors`);
  writeFileSync(file, Buffer.concat(encodeLora([pair], original, modules, { ss_network_dim: '2' })));
  const source = await openAdapterFile(file);
  expect([...source.tensors.keys()]).toEqual([
    `${key}.alpha`,
    `${key}.lora_down.weight`,
    `${key}.lora_up.weight`,
  ]);
  expect(source.metadata.get('ss_network_dim')).toBe('2');
  const sites = modules.map(
    (site) => ({ name: site, kind: 'linear', inFeatures: 3, outFeatures: 4, kernel: [1, 1] }) as const,
  );
  const { layers, report } = await readAdapter(source, { family: name, sites: { unet: sites } });
  expect(report.unused).toEqual([]);
  expect(layers[0]).toMatchObject({ scale: 1, module: { name: pair.site } });
  if (layers[0] === undefined) throw new Error('nothing was read');
  const { a, b, rank } = await readPair(source, layers[0]);
  // As graphs take them: transposed.
  expect([rank, ...a]).toEqual([2, 1, 4, 2, 5, 3, 6]);
  expect([...b]).toEqual([1, 0, 2, 0, 0, 1, 0, 2]);
});
