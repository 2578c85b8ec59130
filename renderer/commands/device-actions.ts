import type { DeviceReport } from '../../preload/contract/index.ts';
import { deviceTrouble, providerName } from '../state/device-words.ts';
import type { StudioLink } from '../state/studio-link.ts';
import { announce, tell, useStatus } from '../state/status-store.ts';
import { explained } from './explained.ts';

/** Says that no graphics card passed its check, and offers what can be done; nothing where all is as it should be. */
export function tellDeviceTrouble(link: Pick<StudioLink, 'request'>, device: DeviceReport): boolean {
  const trouble = deviceTrouble(device);
  if (!trouble) return false;
  tell({
    ...trouble,
    action: { label: 'Details', run: () => useStatus.setState({ deviceDetails: true }) },
    otherAction: { label: 'Test again', run: () => void testDevicesAgain(link) },
  });
  return true;
}

/** Tries every device anew and says what came of it. */
export async function testDevicesAgain(link: Pick<StudioLink, 'request'>): Promise<void> {
  if (useStatus.getState().testingDevices) return;
  useStatus.setState({ testingDevices: true });
  announce('Testing the devices.');
  await explained(async () => {
    const device = await link.request('devices.test-again', {});
    useStatus.setState({ device });
    if (tellDeviceTrouble(link, device)) return;
    tell({
      level: 'info',
      message: `Tested again: pictures are made on ${providerName(device.chosen)}.`,
      remedy: '',
    });
  });
  useStatus.setState({ testingDevices: false });
}
