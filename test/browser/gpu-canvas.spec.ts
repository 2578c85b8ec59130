import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { GpuCompositor } from '../../renderer/engine/compositor/gpu/gpu.ts';
import { PaintDocument } from '../../renderer/engine/document.ts';
import { layerRecord } from '../../renderer/engine/layers/layer-record.ts';
import { layerMask } from '../../renderer/engine/layers/layer-mask.ts';
import type { Change } from '../../renderer/engine/changes.ts';
import type { StudioProcess } from './support/studio-process.ts';
import { expect, test } from './support/test.ts';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const EDGE = 300;

test.use({
  launchOptions: {
    ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
    args: [
      '--no-sandbox',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--disable-background-networking',
    ],
  },
});

/** Layers, a group, a mask, an adjustment and a clipped layer, so that the hash stands for something. */
function content(): Change[] {
  const noise = (seed: number): Uint8Array =>
    Uint8Array.from({ length: 262144 }, (_, i) => Math.imul(i + seed, 2654435761) >>> 24);
  const tiles = (layerId: string, seed: number): Change => ({
    type: 'tiles',
    layerId,
    tiles: [0, 1, 2, 3].map((n) => ({ x: n & 1, y: n >> 1, data: noise(seed + n * 7) })),
  });
  const add = (index: number, given: Parameters<typeof layerRecord>[0]): Change => {
    const layer = layerRecord(given);
    return { type: 'layer-add', layer, parent: layer.parent, index };
  };
  return [
    add(2, { id: 'g', kind: 'group', blend: 'multiply', opacity: 0.7 }),
    add(0, { id: 'a', parent: 'g', mask: layerMask(1) }),
    tiles('a', 1),
    {
      type: 'mask-tiles',
      layerId: 'a',
      tiles: [{ x: 0, y: 0, data: noise(5).subarray(0, 65536) }],
    },
    add(1, { id: 'b', parent: 'g', blend: 'soft-light', clipped: true, fillOpacity: 0.6 }),
    tiles('b', 2),
    add(3, {
      id: 'c',
      kind: 'adjustment',
      opacity: 0.8,
      adjustment: { type: 'hue-saturation', hue: 40, saturation: -0.2, lightness: 0.1, colorize: false },
    }),
  ];
}

/** The stored document composited by a GPU in Node. */
async function hashInNode(process_: StudioProcess, path: string): Promise<string | null> {
  process.env['VK_ICD_FILENAMES'] ??= SOFTWARE_DRIVER;
  const { findDevice } = await import('../gpu/engine/adapter.ts');
  const device = await findDevice();
  if (!device) return null;
  const bridge = await process_.connect();
  const state = await bridge.request('documents.open', { path });
  const document = new PaintDocument(state.width, state.height, state.layers, state);
  for (const { id: layerId } of state.layers) {
    const of = { documentId: state.id, layerId };
    document.apply([
      { type: 'tiles', layerId, tiles: await bridge.request('documents.read-layer', of) },
      { type: 'mask-tiles', layerId, tiles: await bridge.request('documents.read-mask', of) },
    ]);
  }
  const compositor = new GpuCompositor(device, document);
  const pixels = await compositor.read(document.canvas);
  compositor.dispose();
  device.destroy();
  return createHash('sha256').update(pixels).digest('hex');
}

test('the page draws on the GPU what Node’s GPU gives, to the bit; without it the processor goes on, visibly @alone', async ({
  studio,
}) => {
  test.setTimeout(480_000);
  test.skip(!existsSync(SOFTWARE_DRIVER), 'no software WebGPU driver');
  const { page, process } = studio;
  const bridge = await process.connect();
  const made = await bridge.request('documents.create', { name: 'Gpu', width: EDGE, height: EDGE });
  await bridge.request('documents.commit', { documentId: made.id, label: 'Content', changes: content() });
  await bridge.request('documents.close', { documentId: made.id });
  await bridge.request('settings.write', { key: 'page.last-document', value: made.path });
  await page.addInitScript(() => {
    type Ask = (this: GPUAdapter, ...given: Parameters<GPUAdapter['requestDevice']>) => Promise<GPUDevice>;
    const ask = Reflect.get(GPUAdapter.prototype, 'requestDevice') as Ask;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      const device = await ask.apply(this, given);
      Object.assign(window, { lastDevice: device });
      return device;
    };
  });
  await page.reload();
  await expect(studio.canvas).toHaveAccessibleName(/^Gpu/);
  const hasGpu = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) !== null);
  test.skip(!hasGpu, 'this browser has no WebGPU adapter');
  // A graphics card in software is not used unless somebody asks for it.
  await expect(studio.canvas).toHaveAttribute('data-drawn-by', 'cpu');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('also one in software');
  await page.keyboard.press('Enter');
  await expect(studio.canvas).toHaveAttribute('data-drawn-by', 'gpu');
  await expect
    .poll(() => studio.shownHash(EDGE, EDGE), { timeout: 90_000 })
    .toBe(await hashInNode(process, made.path));

  // A stroke is drawn by it, too.
  const middle = await studio.middle();
  const before = await studio.shownHash(EDGE, EDGE);
  await studio.pen([0, 1, 2, 3, 4, 5].map((i) => ({ x: middle.x - 40 + i * 16, y: middle.y, force: 1 })));
  await expect.poll(() => studio.shownHash(EDGE, EDGE)).not.toBe(before);
  await studio.saved();
  await expect
    .poll(() => studio.shownHash(EDGE, EDGE), { timeout: 90_000 })
    .toBe(await hashInNode(process, made.path));

  await page.evaluate(() => (window as unknown as { lastDevice: GPUDevice }).lastDevice.destroy());
  await expect(studio.status).toContainText('The canvas draws on the CPU until the GPU answers');
  await expect(studio.canvas).toHaveAttribute('data-drawn-by', 'cpu');
  await studio.status.getByRole('button', { name: 'Try GPU' }).click();
  await expect(studio.canvas).toHaveAttribute('data-drawn-by', 'gpu');
});
