import path from 'node:path';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import type { LaunchProcess, ProcessChannel } from '../../../main/inference/host/process-channel.ts';

const inference = path.resolve(import.meta.dirname, '../../../main/inference');

/** Starts the real worker and probe from their sources. */
export const launchFromSource: LaunchProcess = launchNode({
  worker: path.join(inference, 'worker/main.ts'),
  probe: path.join(inference, 'devices/probe-main.ts'),
  converter: path.join(inference, '../documents/exchange/converter/main.ts'),
  trainer: path.join(inference, '../training/worker/main.ts'),
});

/** The same, with the running process at hand so that a test can kill it. */
export function launchWithHandle(): {
  readonly launch: LaunchProcess;
  readonly current: () => ProcessChannel;
} {
  let channel: ProcessChannel | undefined;
  return {
    launch: (entry) => (channel = launchFromSource(entry)),
    current: () => {
      if (channel === undefined) throw new Error('no worker has been started');
      return channel;
    },
  };
}
