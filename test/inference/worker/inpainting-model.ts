import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readSafetensorsHeader, readTensorBytes } from '../../../native-models/checkpoints/safetensors.ts';
import { writeSafetensors, type WritableTensor } from '../../fixtures/write-safetensors.ts';
import { embeddedModel } from './worker-memory.ts';

/**
 * Writes the embedded model as an inpainting model: its first convolution sees the mask and the masked
 * picture's latent too, with `weight` on each of those channels' middle taps.
 */
export async function writeInpaintingModel(folder: string, weight: number): Promise<void> {
  cpSync(embeddedModel, folder, { recursive: true });
  const configFile = path.join(folder, 'unet/config.json');
  const config = JSON.parse(readFileSync(configFile, 'utf8')) as { in_channels: number };
  const own = config.in_channels;
  const all = own * 2 + 1;
  writeFileSync(configFile, JSON.stringify({ ...config, in_channels: all }));
  const source = path.join(embeddedModel, 'unet/diffusion_pytorch_model.safetensors');
  const header = await readSafetensorsHeader(source);
  const tensors: (readonly [string, WritableTensor])[] = [];
  for (const [name, tensor] of header.tensors) {
    const bytes = await readTensorBytes(source, tensor);
    const dtype = tensor.dtype as WritableTensor['dtype'];
    if (name !== 'conv_in.weight') {
      tensors.push([name, { dtype, shape: tensor.shape, bytes: () => bytes }]);
      continue;
    }
    const [out = 0, , height = 0, width = 0] = tensor.shape;
    const taps = height * width;
    const from = new Uint16Array(bytes.slice().buffer);
    const half = new Uint16Array(new Float16Array([weight]).buffer)[0]!;
    const to = new Uint16Array(out * all * taps);
    for (let o = 0; o < out; o += 1) {
      to.set(from.subarray(o * own * taps, (o + 1) * own * taps), o * all * taps);
      for (let c = own; c < all; c += 1) to[(o * all + c) * taps + Math.floor(taps / 2)] = half;
    }
    const shape = [out, all, height, width];
    tensors.push([name, { dtype, shape, bytes: () => new Uint8Array(to.buffer) }]);
  }
  writeSafetensors(path.join(folder, 'unet/diffusion_pytorch_model.safetensors'), tensors);
}
