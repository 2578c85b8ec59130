import { existsSync } from 'node:fs';
import { create, globals } from 'webgpu';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * A device of the machine's GPU, or of the software renderer that Debian's Chromium brings; null where there is
 * neither. The object that `create` returns stays referenced: the process dies when it is collected.
 */
export async function findDevice(): Promise<GPUDevice | null> {
  if (process.env['VK_ICD_FILENAMES'] === undefined && existsSync(SWIFTSHADER)) {
    process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
  }
  try {
    Object.assign(globalThis, globals);
    const gpu = create([]);
    (globalThis as { keptGpu?: unknown }).keptGpu = gpu;
    const adapter = await gpu.requestAdapter();
    return (await adapter?.requestDevice()) ?? null;
  } catch {
    return null;
  }
}
