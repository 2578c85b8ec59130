import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Provider } from '../protocol.ts';

/** Where Vulkan's loader finds drivers on Linux, besides what its variables name. */
const VULKAN_DRIVER_FOLDERS = [
  '/usr/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
];

/** The folder of ONNX Runtime's libraries for this platform; undefined where the package is not to be found. */
export function runtimeFolder(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
    return path.join(path.dirname(manifest), 'bin', 'napi-v6', process.platform, process.arch);
  } catch {
    return undefined;
  }
}

/**
 * Why a provider cannot be there, told from files alone, which spares starting a process for it;
 * undefined where only a trial can tell.
 */
export function missingProvider(provider: Provider): string | undefined {
  if (process.platform !== 'linux') return undefined;
  if (provider === 'cuda' || provider === 'tensorrt') {
    const folder = runtimeFolder();
    const library = `libonnxruntime_providers_${provider}.so`;
    if (folder === undefined || existsSync(path.join(folder, library))) return undefined;
    return `${library} is not installed ("npm run cuda" fetches it)`;
  }
  if (provider !== 'webgpu') return undefined;
  if (process.env['VK_ICD_FILENAMES'] || process.env['VK_DRIVER_FILES']) return undefined;
  return VULKAN_DRIVER_FOLDERS.some(hasFiles) ? undefined : 'no Vulkan driver is installed';
}

function hasFiles(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}
