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

const VERDICTS: Readonly<Record<DeviceReport['tried'][number]['verdict'], string>> = {
  verified: '✓ right',
  failed: '✕ failed',
  absent: '– not here',
};

/** A device's verdict as a mark and a word. */
export function verdictWords(verdict: DeviceReport['tried'][number]['verdict']): string {
  return VERDICTS[verdict];
}

/** What to say where graphics cards are there but none passed its check; null where all is as it should be. */
export function deviceTrouble({ chosen, tried }: DeviceReport): Notice | null {
  const failed = tried.filter(({ provider, verdict }) => provider !== 'cpu' && verdict === 'failed');
  if (chosen !== 'cpu' || failed.length === 0) return null;
  const reasons = failed.map(({ provider, reason }) => `${providerName(provider)}: ${reason}`).join('; ');
  return {
    level: 'warn',
    message: `No GPU passed its check (${reasons}).`,
    remedy: 'Painting is unaffected; pictures are made on the CPU.',
  };
}
