import { expect, test } from 'vitest';
import type { DeviceReport } from '../../../../preload/contract/index.ts';
import { deviceTrouble } from '../../../../renderer/state/device-words.ts';

type Tried = DeviceReport['tried'][number];

const report = (chosen: string, ...tried: [Tried['provider'], Tried['verdict'], string][]): DeviceReport => ({
  chosen,
  tried: tried.map(([provider, verdict, reason]) => ({
    provider,
    name: '',
    verdict,
    reason,
    milliseconds: 1,
  })),
  memoryBytes: 1,
  freeMemoryBytes: 1,
  cores: 2,
});

test('text 10: a graphics card that failed its check is said, with the reason and what is made instead', () => {
  const said = deviceTrouble(
    report('cpu', ['webgpu', 'failed', 'the driver crashed in the test'], ['cpu', 'verified', 'right']),
  );
  expect(`${said?.message} ${said?.remedy}`).toBe(
    'No GPU passed its check (WebGPU: the driver crashed in the test). Painting is unaffected; pictures are made on the CPU.',
  );
});

test('nothing is said where there is no graphics card, or another passed', () => {
  expect(
    deviceTrouble(report('cpu', ['cuda', 'absent', 'not installed'], ['cpu', 'verified', ''])),
  ).toBeNull();
  expect(
    deviceTrouble(report('webgpu', ['cuda', 'failed', 'no memory'], ['webgpu', 'verified', ''])),
  ).toBeNull();
});
