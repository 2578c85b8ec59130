import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { runtimeFolder } from './missing-provider.ts';

/** Where Linux keeps what names its Vulkan drivers, and what NVIDIA's says of itself. */
const LINUX_DRIVER_PATHS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/proc/driver/nvidia/version'];
/** Variables that choose a driver or a device. */
const VARIABLES = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'CUDA_VISIBLE_DEVICES', 'LD_LIBRARY_PATH'];

/**
 * A hash that changes when ONNX Runtime, its provider libraries, the operating system or, where the
 * system says so in files, a graphics driver changes: what a stored verdict is worth depends on them.
 */
export function driverFingerprint(): string {
  const parts = [
    process.platform,
    process.arch,
    release(),
    process.versions.node,
    runtimeFiles(),
    ...VARIABLES.map((name) => process.env[name] ?? ''),
    ...LINUX_DRIVER_PATHS.map(describePath),
  ];
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

/** Names, sizes and times of ONNX Runtime's libraries. */
function runtimeFiles(): string {
  const folder = runtimeFolder();
  return folder === undefined ? 'unknown' : describePath(folder);
}

function describePath(target: string): string {
  try {
    const stat = statSync(target);
    if (!stat.isDirectory()) return `${target} ${stat.size || readFileSync(target, 'utf8')}`;
    const files = readdirSync(target).toSorted();
    return files.map((file) => fileStamp(path.join(target, file))).join('\n');
  } catch {
    return '';
  }
}

function fileStamp(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${file} ${size} ${mtimeMs}`;
}
