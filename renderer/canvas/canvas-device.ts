import type { CanvasDevice } from '../state/layout-store.ts';

let found: Promise<GPUDevice | null> | null = null;
let foundFor: CanvasDevice | null = null;

async function request(choice: CanvasDevice): Promise<GPUDevice | null> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  // A graphics card in software is slower than the compositor written for the processor.
  if (!adapter || (choice === 'auto' && adapter.info.isFallbackAdapter)) return null;
  const { maxTextureArrayLayers } = adapter.limits;
  return adapter.requestDevice({
    requiredLimits: { maxTextureArrayLayers: Math.min(2048, maxTextureArrayLayers) },
  });
}

/**
 * The graphics device that the canvas may draw on, or null where the processor is to draw: chosen so, no adapter, or only
 * one in software while nobody asked for it. The same device each time until it is lost.
 */
export function canvasDevice(choice: CanvasDevice): Promise<GPUDevice | null> {
  if (choice === 'cpu') return Promise.resolve(null);
  if (found && foundFor === choice) return found;
  foundFor = choice;
  const asked = request(choice).catch(() => null);
  found = asked;
  void asked.then((device) =>
    device?.lost.then(() => {
      if (found === asked) found = null;
    }),
  );
  return asked;
}

/** True for a graphics card in software. */
export function isInSoftware({ adapterInfo }: GPUDevice): boolean {
  const { isFallbackAdapter, vendor, architecture, description } = adapterInfo;
  return isFallbackAdapter || /swiftshader|llvmpipe/i.test(`${vendor} ${architecture} ${description}`);
}
