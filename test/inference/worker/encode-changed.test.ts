import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EncodingMemory, windowFor } from '../../../main/inference/stages/encode-changed.ts';
import { openModel, weightBytes } from '../../../main/inference/stages/opened-model.ts';
import type { LatentShape } from '../../../main/inference/stages/latent-scale.ts';
import { createNetworkCache } from '../../../main/inference/sessions/network-cache.ts';
import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';

const EDGE = 512;
const networks = createNetworkCache(() => {});
afterAll(() => networks.clear());

const model = await openModel(path.resolve(import.meta.dirname, '../../../native-models/embedded/model'));
const shape: LatentShape = {
  channels: model.vae.config.latentChannels,
  width: EDGE / model.cell,
  height: EDGE / model.cell,
};
let encoded: LatentShape[] = [];
async function encoder(
  planes: Float32Array,
  { width, height, channels }: LatentShape,
): Promise<Float32Array> {
  encoded.push({ width, height, channels });
  const network = await networks.get({
    name: 'VAE encoder',
    key: `${width}x${height}`,
    weightBytes: weightBytes(model.vae.weights),
    compute: { provider: 'cpu', precision: 'fp32', threads: 1 },
    build: () => buildVaeEncoder(model.vae, { batch: 1, height, width }),
  });
  const outputs = await network.run({ image: { data: planes } });
  return Float32Array.from([...(outputs.get('mean') ?? []), ...(outputs.get('logvar') ?? [])]);
}

/** A smooth picture; with a dab of one colour. */
function picture(dab: { x: number; y: number; radius: number } | null): Float32Array {
  const planes = new Float32Array(3 * EDGE * EDGE);
  for (let i = 0; i < EDGE * EDGE; i++) {
    const [x, y] = [i % EDGE, Math.floor(i / EDGE)];
    const painted = dab !== null && (x - dab.x) ** 2 + (y - dab.y) ** 2 < dab.radius ** 2;
    for (let c = 0; c < 3; c++) {
      const under = 0.7 * Math.sin(x / (40 + 20 * c)) * Math.cos(y / (60 - 10 * c));
      planes[c * EDGE * EDGE + i] = painted ? [0.8, -0.6, -0.7][c]! : under;
    }
  }
  return planes;
}

const rms = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

test('a dab is encoded in a window, within 5% of the spread of a whole encoding', async () => {
  const memory = new EncodingMemory();
  const encode = (planes: Float32Array, parts: boolean) =>
    memory.encode({ key: 'k', planes, shape, cell: model.cell }, parts, encoder);
  const half = shape.channels * shape.width * shape.height;
  await encode(picture(null), true);
  for (const dab of [
    { x: 250, y: 190, radius: 30 },
    { x: 20, y: 500, radius: 40 },
  ]) {
    encoded = [];
    const part = await encode(picture(dab), true);
    expect(part.how).toBe('changed');
    expect(encoded[0]!.width * encoded[0]!.height).toBeLessThan((shape.width * shape.height) / 2);
    const whole = (await encoder(picture(dab), shape)).subarray(0, half);
    const error = part.moments.subarray(0, half).map((value, i) => value - whole[i]!);
    expect(rms(error) / rms(whole)).toBeLessThan(0.05);
    await encode(picture(null), true);
  }
  // Asked for exactly, what was patched is not taken.
  expect((await encode(picture(null), false)).how).toBe('whole');
  expect((await encode(picture(null), false)).how).toBe('kept');
  encoded = [];
  expect(await encode(picture(null), true)).toMatchObject({ how: 'kept' });
  expect(encoded).toEqual([]);
});

test('a change over most of a picture, and another size, are encoded whole', async () => {
  expect(windowFor({ x: 0, y: 0, width: 20, height: 20 }, 32, 32)).toBeNull();
  expect(windowFor({ x: 30, y: 0, width: 2, height: 2 }, 32, 32)).toEqual({
    window: { x: 16, y: 0, width: 16, height: 16 },
    taken: { x: 12, y: 0, width: 4, height: 4 },
  });
  const memory = new EncodingMemory();
  const planes = picture(null);
  expect((await memory.encode({ key: 'a', planes, shape, cell: model.cell }, true, encoder)).how).toBe(
    'whole',
  );
  expect((await memory.encode({ key: 'b', planes, shape, cell: model.cell }, true, encoder)).how).toBe(
    'whole',
  );
});
