import type { DeviceReport } from '../../preload/contract/index.ts';
import type { Notice } from './status-store.ts';

const NAMES: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  tensorrt: 'TensorRT',
  dml: 'DirectML',
  coreml: 'CoreML',
  webgpu: 'WebGPU',
};

/** A provider as people call it. */
export function providerName(provider: string): string {
  return NAMES[provider] ?? provider;
}

/** What to say where graphics cards are there but none passed its check; null where all is as it should be. */
export function deviceTrouble({ chosen, tried }: DeviceReport): Notice | null {
  const failed = tried.filter(({ provider, verdict }) => provider !== 'cpu' && verdict === 'failed');
  if (chosen !== 'cpu' || failed.length === 0) return null;
  const reasons = failed.map(({ provider, reason }) => `${providerName(provider)}: ${reason}`).join('; ');
  return {
    level: 'warn',
    message: `No GPU passed its check (${reasons}). Painting is unaffected; pictures are made on the CPU.`,
    remedy: 'A new driver is tried at the next start; "impasto doctor" says more.',
  };
}
