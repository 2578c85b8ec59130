import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { DeviceReport } from '../../../preload/contract/index.ts';
import { testDevicesAgain } from '../../commands/device-actions.ts';
import { providerName, verdictWords } from '../../state/device-words.ts';
import { useStatus } from '../../state/status-store.ts';
import { useRoom } from '../workspace-context.tsx';

/** What pictures are made on, and how much of the memory is taken. */
function deviceText(device: DeviceReport): string {
  const chosen = device.tried.find((each) => each.provider === device.chosen);
  const named = chosen && chosen.name !== '' && chosen.name.toLowerCase() !== device.chosen;
  const total = (device.memoryBytes / 2 ** 30).toFixed(0);
  const used = ((device.memoryBytes - device.freeMemoryBytes) / 2 ** 30).toFixed(1);
  return `Ready, ${providerName(device.chosen)}${named ? ` (${chosen.name})` : ''} · ${used}/${total} GB`;
}

/** What pictures are made on; pressed, what was found of each device, and a test once more. */
export function DeviceState() {
  const { workspace } = useRoom();
  const device = useStatus((state) => state.device);
  const isOpen = useStatus((state) => state.deviceDetails);
  const testing = useStatus((state) => state.testingDevices);
  if (!device) return <span>Checking devices…</span>;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={(open) => useStatus.setState({ deviceDetails: open })}>
      <Button className="button quiet device-state" aria-description="Opens what was found of each device">
        <span className="ellipsis">{testing ? 'Testing devices…' : deviceText(device)}</span>
      </Button>
      <Popover className="popover" placement="top end" offset={4}>
        <Dialog aria-label="Devices" className="device-details">
          <h2>Devices</h2>
          <ul>
            {device.tried.map(({ provider, name, verdict, reason, milliseconds }) => (
              <li key={provider}>
                <strong>{providerName(provider)}</strong> {name}{' '}
                <span className="dim">{verdictWords(verdict)}</span>
                <p className="caption dim">
                  {reason}
                  {milliseconds > 0 && ` (tried in ${(milliseconds / 1000).toFixed(1)} s)`}
                </p>
              </li>
            ))}
          </ul>
          <Button
            className="button"
            isDisabled={testing}
            onPress={() => void testDevicesAgain(workspace.link)}
          >
            {testing ? 'Testing…' : 'Test again'}
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
