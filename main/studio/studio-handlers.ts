import { samplerMenu } from '../generation/sampler-id.ts';
import type { DeviceReport } from '../inference/devices/device-report.ts';
import type { Devices } from './devices.ts';
import type { DeviceReport as ReportedDevices } from '../../preload/contract/index.ts';
import type { Handlers, RequestsOf } from './handlers.ts';
import type { StudioOptions } from './studio-options.ts';

/** Answers what the page asks about the studio itself and its devices. */
export function studioHandlers(
  { version, host, documentsFolder }: StudioOptions,
  devices: Devices,
): Handlers<RequestsOf<'studio'> | RequestsOf<'devices'>> {
  return {
    'studio.info': () => ({
      version,
      host,
      platform: process.platform,
      documentsFolder,
      samplers: samplerMenu(),
    }),
    'devices.report': async () => reportedDevices(await devices.report()),
    'devices.test-again': async () => reportedDevices(await devices.testAgain()),
  };
}

/** What the page is told of the devices. */
export function reportedDevices(report: DeviceReport): ReportedDevices {
  const { chosen, tried, memoryBytes, freeMemoryBytes, cores } = report;
  return { chosen, tried: [...tried], memoryBytes, freeMemoryBytes, cores };
}
