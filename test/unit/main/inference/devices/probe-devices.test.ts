import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { operatorThreads, probeDevices } from '../../../../../main/inference/devices/probe-devices.ts';
import type { ProbeAnswer, ProbeRequest } from '../../../../../main/inference/devices/probe-protocol.ts';
import type { LaunchProcess } from '../../../../../main/inference/host/process-channel.ts';
import type { Provider } from '../../../../../main/inference/protocol.ts';

/** What a trial of each provider does: answers, crashes, or never ends. */
type Behaviour = Partial<ProbeAnswer> | 'crash' | 'hang';

let launches: Provider[];
let scratch: string;
beforeEach(() => {
  launches = [];
  scratch = mkdtempSync(path.join(tmpdir(), 'impasto-probe-'));
  return () => rmSync(scratch, { recursive: true });
});

function launchThat(behaviours: Partial<Record<Provider, Behaviour>>): LaunchProcess {
  return () => {
    let onMessage: (message: unknown) => void = () => {};
    let onExit: (code: number | null, signal: string | null) => void = () => {};
    return {
      pid: 1,
      post(message) {
        const { provider } = message as ProbeRequest;
        launches.push(provider);
        const behaviour = behaviours[provider] ?? 'crash';
        if (behaviour === 'hang') return;
        if (behaviour === 'crash') queueMicrotask(() => onExit(null, 'SIGSEGV'));
        else {
          const good = { type: 'probed', verdict: 'verified', reason: 'right', error: 0, gflops: 100 };
          queueMicrotask(() => onMessage({ ...good, ...behaviour }));
        }
      },
      onMessage: (listener) => void (onMessage = listener),
      onExit: (listener) => void (onExit = listener),
      kill: () => {},
    };
  };
}

const providers: readonly Provider[] = ['dml', 'coreml', 'cpu'];

test('the first provider that is right and fast is chosen', async () => {
  const launch = launchThat({ dml: { gflops: 900 }, coreml: { gflops: 5000 }, cpu: {} });
  const report = await probeDevices({ launch, providers });
  expect(report.chosen).toBe('dml');
  expect(report.compute).toMatchObject({ provider: 'dml', precision: 'fp32' });
  expect(report.tried.map(({ provider }) => provider)).toEqual(['dml', 'coreml', 'cpu']);
});

test('a driver that crashes takes only its own trial with it', async () => {
  const report = await probeDevices({
    launch: launchThat({ dml: 'crash', coreml: { gflops: 300 }, cpu: {} }),
    providers,
  });
  expect(report.chosen).toBe('coreml');
  expect(report.tried[0]).toMatchObject({ verdict: 'failed', reason: expect.stringContaining('SIGSEGV') });
});

test('a driver that hangs is given up after its time', async () => {
  const launch = launchThat({ dml: 'hang', coreml: { verdict: 'absent' }, cpu: {} });
  const report = await probeDevices({ launch, providers, timeLimit: 20 });
  expect(report.chosen).toBe('cpu');
  expect(report.tried[0]).toMatchObject({ verdict: 'failed', reason: expect.stringContaining('0.02 s') });
});

test('a simulated adapter is verified, said to be slower, and not chosen', async () => {
  const launch = launchThat({ dml: { gflops: 0.3 }, coreml: { verdict: 'absent' }, cpu: { gflops: 100 } });
  const report = await probeDevices({ launch, providers });
  expect(report.chosen).toBe('cpu');
  expect(report.tried[0]).toMatchObject({ verdict: 'verified', reason: 'right: slower than the processor' });
});

test('wrong numbers are never chosen, however fast', async () => {
  const launch = launchThat({ dml: { verdict: 'failed', gflops: 9000 }, coreml: 'crash', cpu: 'crash' });
  expect((await probeDevices({ launch, providers })).chosen).toBe('cpu');
});

test('verdicts are kept, used again, and tried anew when the file is damaged or from other drivers', async () => {
  const cacheFile = path.join(scratch, 'deep', 'devices.json');
  const launch = launchThat({ dml: { gflops: 900 }, coreml: 'crash', cpu: {} });
  const first = await probeDevices({ launch, providers, cacheFile });
  expect(launches).toHaveLength(3);
  const second = await probeDevices({ launch, providers, cacheFile });
  expect(launches).toHaveLength(3);
  expect(second.tried).toEqual(first.tried);
  const kept = readFileSync(cacheFile, 'utf8');
  for (const other of ['{', JSON.stringify({ ...JSON.parse(kept), key: 'other drivers' })]) {
    launches = [];
    writeFileSync(cacheFile, other);
    await probeDevices({ launch, providers, cacheFile });
    expect(launches).toHaveLength(3);
  }
});

test('threads: all of few cores, half of many, sixteen at most; or as many as are asked for', () => {
  const unasked = (logical: number): number => operatorThreads(logical, Number.NaN);
  expect([1, 2, 4, 8, 12, 64].map(unasked)).toEqual([1, 2, 4, 4, 6, 16]);
  expect([1, 3, 256].map((asked) => operatorThreads(2, asked))).toEqual([1, 3, 256]);
  expect([0, -1, 1.5, 257, Number('all')].map((asked) => operatorThreads(2, asked))).toEqual([2, 2, 2, 2, 2]);
});
