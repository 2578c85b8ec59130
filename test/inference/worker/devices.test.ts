import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { probeDevices } from '../../../main/inference/devices/probe-devices.ts';
import { probeProvider } from '../../../main/inference/devices/probe-provider.ts';
import { launchFromSource } from '../../faults/inference/real-worker.ts';

test('the processor gives the known numbers', async () => {
  const answer = await probeProvider('cpu', 2);
  expect(answer).toMatchObject({ verdict: 'verified', reason: expect.stringContaining('GFLOP/s') });
  expect(answer.error).toBeLessThan(1e-5);
  expect(answer.gflops).toBeGreaterThan(1);
});

test('a provider of another platform is absent', async () => {
  const foreign = process.platform === 'win32' ? 'coreml' : 'dml';
  expect(await probeProvider(foreign, 1)).toMatchObject({ verdict: 'absent' });
});

test('the report names every provider of the platform and chooses one that was verified', async () => {
  const report = await probeDevices({ launch: launchFromSource });
  expect(report.tried.length).toBeGreaterThan(1);
  expect(report.tried.find(({ provider }) => provider === report.chosen)?.verdict).toBe('verified');
  for (const verdict of report.tried) expect(verdict.reason).not.toBe('');
  expect(report.memoryBytes).toBeGreaterThan(0);
});

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

test.skipIf(!existsSync(swiftShader))(
  'a WebGPU adapter in software is right and not chosen (needs SwiftShader from Chromium)',
  async () => {
    process.env['VK_ICD_FILENAMES'] = swiftShader;
    try {
      const report = await probeDevices({
        launch: launchFromSource,
        providers: ['webgpu', 'cpu'],
        timeLimit: 60_000,
      });
      expect(report.chosen).toBe('cpu');
      expect(report.tried[0]).toMatchObject({
        verdict: 'verified',
        reason: expect.stringContaining('slower than the processor'),
      });
    } finally {
      delete process.env['VK_ICD_FILENAMES'];
    }
  },
);
