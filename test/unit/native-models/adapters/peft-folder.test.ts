import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openAdapterFile } from '../../../../native-models/adapters/adapter-source.ts';
import { readAdapter } from '../../../../native-models/adapters/read-adapter.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { writeSafetensors } from '../../../fixtures/write-safetensors.ts';
import { oneLayer } from './memory-source.ts';

const folder = scratchFolder();

async function scaleOf(name: string): Promise<number> {
  const file = path.join(folder, name);
  const zeros = (count: number) => () => new Uint8Array(new Float32Array(count).fill(0.5).buffer);
  writeSafetensors(file, [
    ['base_model.model.layer.lora_A.weight', { dtype: 'F32', shape: [2, 8], bytes: zeros(16) }],
    ['base_model.model.layer.lora_B.weight', { dtype: 'F32', shape: [6, 2], bytes: zeros(12) }],
  ]);
  return (await readAdapter(await openAdapterFile(file), oneLayer([6, 8]))).layers[0]!.scale;
}

test('an adapter as PEFT saves it is multiplied as the settings beside it say', async () => {
  expect(await scaleOf('adapter_model.safetensors')).toBe(1);
  const settings = path.join(folder, 'adapter_config.json');
  writeFileSync(settings, JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 16 }));
  expect(await scaleOf('adapter_model.safetensors')).toBe(8);
  // Settings of another file say nothing of this one.
  expect(await scaleOf('ink.safetensors')).toBe(1);
  writeFileSync(settings, '{"lora_alpha": "many"}');
  expect(await scaleOf('adapter_model.safetensors')).toBe(1);
});
