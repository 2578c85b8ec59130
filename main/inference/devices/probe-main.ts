/**
 * A process that tries one provider and says how it went. It is a process of its own because a bad
 * driver does not throw: it crashes whoever called it.
 */
import { connectToHost } from '../worker/host-port.ts';
import type { ProbeRequest } from './probe-protocol.ts';
import { probeProvider } from './probe-provider.ts';

const host = connectToHost();

host.onMessage((message) => {
  const request = message as ProbeRequest;
  if (request.type !== 'probe') return;
  void probeProvider(request.provider, request.threads).then((answer) => host.post(answer));
});
