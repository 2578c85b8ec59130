import { join } from 'node:path';
import type { DeviceReport } from '../inference/devices/device-report.ts';
import { probeDevices } from '../inference/devices/probe-devices.ts';
import type { LaunchProcess } from '../inference/host/process-channel.ts';

/** What this machine computes on. */
export interface Devices {
  /** Waits for the first trial if it still runs; else the outcome of the last one. */
  readonly report: () => Promise<DeviceReport>;
  /** Tries every device anew, whatever is known; a second call meanwhile waits for the same trial. */
  readonly testAgain: () => Promise<DeviceReport>;
}

/**
 * Starts trying this machine's devices. Verdicts of earlier starts are kept under the data folder, so that only a new
 * driver is tried again by itself.
 *
 * @param changed hears the outcome of every trial.
 * @param probe how they are tried; {@link probeDevices}.
 */
export function startDevices(
  launch: LaunchProcess,
  dataFolder: string,
  changed: (report: DeviceReport) => void,
  probe: typeof probeDevices = probeDevices,
): Devices {
  const options = { launch, cacheFile: join(dataFolder, 'devices.json') };
  const tried = async (anew: boolean): Promise<DeviceReport> => {
    const found = await probe({ ...options, anew });
    changed(found);
    return found;
  };
  let report = tried(false);
  let again: Promise<DeviceReport> | null = null;
  return {
    report: () => report,
    testAgain() {
      again ??= report
        .then(() => tried(true))
        .then((found) => {
          // Work that is asked for meanwhile goes by what is known.
          report = Promise.resolve(found);
          return found;
        })
        .finally(() => {
          again = null;
        });
      return again;
    },
  };
}
