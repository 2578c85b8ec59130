import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  adapterFileIn,
  adapterName,
  openAdapterFile,
} from '../../../../native-models/adapters/adapter-source.ts';
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

test('a folder stands for the adapter that was saved in it, and gives it its name', async () => {
  const saved = path.join(folder, 'Zebra');
  mkdirSync(saved);
  expect(await adapterFileIn(saved)).toBe(saved);
  for (const name of ['pytorch_lora_weights.safetensors', 'adapter_model.safetensors']) {
    writeFileSync(path.join(saved, name), '');
    expect(await adapterFileIn(saved)).toBe(path.join(saved, name));
    expect(adapterName(path.join(saved, name))).toBe('Zebra');
  }
  const file = path.join(folder, 'ink.v2.safetensors');
  expect(await adapterFileIn(file)).toBe(file);
  expect(adapterName(file)).toBe('ink.v2');
});

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
