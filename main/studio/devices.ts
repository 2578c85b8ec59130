import { join } from 'node:path';
import type { DeviceReport } from '../inference/devices/device-report.ts';
import { probeDevices } from '../inference/devices/probe-devices.ts';
import type { LaunchProcess } from '../inference/host/process-channel.ts';

/**
 * Starts trying this machine's devices and returns how to wait for the outcome. Verdicts of earlier starts are
 * kept under the data folder, so that only a new driver is tried again.
 */
export function startDevices(launch: LaunchProcess, dataFolder: string): () => Promise<DeviceReport> {
  const report = probeDevices({ launch, cacheFile: join(dataFolder, 'devices.json') });
  return () => report;
}
