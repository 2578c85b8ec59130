import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

// Given to `node --import`, children included: refuses and writes down every attempt to leave this machine.
const ledger = process.env['IMPASTO_OUTBOUND_LEDGER'] ?? '/dev/null';

function refuse(what: string): never {
  appendFileSync(ledger, `${process.pid} ${what}\n`);
  throw Object.assign(new Error(`outbound refused: ${what}`), { code: 'EACCES' });
}

function isLocal(host: unknown): boolean {
  return (
    host === undefined ||
    host === null ||
    host === '' ||
    (typeof host === 'string' && /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127\..*)$/.test(host))
  );
}

type AnyFunction = (...args: never[]) => unknown;

/** Replaces `target[name]` by a function that first looks at the arguments. */
function inspect(target: object, name: string, look: (args: readonly unknown[]) => void): void {
  const original = Reflect.get(target, name) as AnyFunction;
  Reflect.set(target, name, function (this: unknown, ...args: never[]): unknown {
    look(args);
    return original.apply(this, args);
  });
}

inspect(net.Socket.prototype, 'connect', ([first, second]) => {
  // Called with (options), (port, host), (path), or the array that net.connect has normalised.
  const options = (Array.isArray(first) ? (first[0] as unknown) : first) as {
    host?: unknown;
    path?: unknown;
    port?: unknown;
  };
  if (typeof options === 'object' && options !== null) {
    if (options.path === undefined && !isLocal(options.host))
      refuse(`connect ${String(options.host)}:${String(options.port)}`);
  } else if (typeof first === 'number' && !isLocal(typeof second === 'string' ? second : undefined)) {
    refuse(`connect ${String(second)}:${first}`);
  }
});
for (const name of ['send', 'connect']) {
  inspect(dgram.Socket.prototype, name, (args) => {
    const host = args.findLast((arg) => typeof arg === 'string' && args.indexOf(arg) > 0);
    if (!isLocal(host)) refuse(`udp ${String(host)}`);
  });
}
for (const api of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of [
    'lookup',
    'resolve',
    'resolve4',
    'resolve6',
    'resolveAny',
    'resolveSrv',
    'resolveTxt',
    'reverse',
  ]) {
    if (typeof Reflect.get(api, name) !== 'function') continue;
    inspect(api, name, ([host]) => {
      if (!isLocal(host)) refuse(`dns ${name} ${String(host)}`);
    });
  }
}
syncBuiltinESMExports();
