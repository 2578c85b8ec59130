import { expect, test } from 'vitest';
import type { DeviceReport } from '../../../../main/inference/devices/device-report.ts';
import type { ProbeOptions } from '../../../../main/inference/devices/probe-devices.ts';
import { startDevices } from '../../../../main/studio/devices.ts';

const report = (chosen: 'cpu' | 'cuda'): DeviceReport => ({
  chosen,
  tried: [],
  compute: { provider: chosen, precision: 'fp32', threads: 1 },
  memoryBytes: 1,
  freeMemoryBytes: 1,
  cores: 1,
});

test('a test once more looks at no verdict that is kept, and what it finds is what holds from then on', async () => {
  const asked: boolean[] = [];
  const heard: string[] = [];
  const held = Promise.withResolvers<DeviceReport>();
  const probe = (options: ProbeOptions): Promise<DeviceReport> => {
    asked.push(options.anew === true);
    return options.anew === true ? held.promise : Promise.resolve(report('cpu'));
  };
  const never = (): never => {
    throw new Error('Nothing is started here.');
  };
  const devices = startDevices(never, '/nowhere', ({ chosen }) => void heard.push(chosen), probe);
  expect((await devices.report()).chosen).toBe('cpu');

  const first = devices.testAgain();
  const second = devices.testAgain();
  expect((await devices.report()).chosen).toBe('cpu');
  held.resolve(report('cuda'));
  expect((await first).chosen).toBe('cuda');
  expect(await second).toBe(await first);
  expect((await devices.report()).chosen).toBe('cuda');
  expect(asked).toEqual([false, true]);
  expect(heard).toEqual(['cpu', 'cuda']);
});
