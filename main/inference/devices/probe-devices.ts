import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import path from 'node:path';
import type { LaunchProcess } from '../host/process-channel.ts';
import type { Provider } from '../protocol.ts';
import type { DeviceReport, DeviceVerdict } from './device-report.ts';
import { driverFingerprint } from './driver-fingerprint.ts';
import { missingProvider } from './missing-provider.ts';
import type { ProbeAnswer, ProbeRequest } from './probe-protocol.ts';

const ORDER: Partial<Record<NodeJS.Platform, readonly Provider[]>> = {
  linux: ['cuda', 'tensorrt', 'webgpu', 'cpu'],
  win32: ['dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
};

/** How devices are tried. */
export interface ProbeOptions {
  readonly launch: LaunchProcess;
  /** Where verdicts are kept between starts; left out: tried anew each time. */
  readonly cacheFile?: string;
  /** True tries them whatever is kept, and keeps what comes of it; false. */
  readonly anew?: boolean;
  /** Milliseconds that one provider may take; 30,000. */
  readonly timeLimit?: number;
  /** The providers to try, in order of preference; the platform's own. */
  readonly providers?: readonly Provider[];
}

/** One provider's verdict with its speed, as it is kept. */
interface Trial extends DeviceVerdict {
  readonly gflops: number;
}

/**
 * Tries every provider of this platform, each in a process of its own, and chooses the first that is
 * right and faster than the processor. Never throws: what fails becomes a verdict.
 */
export async function probeDevices(options: ProbeOptions): Promise<DeviceReport> {
  const providers = options.providers ?? ORDER[process.platform] ?? ['cpu'];
  const threads = operatorThreads();
  const key = `${driverFingerprint()} ${threads} ${providers.join()}`;
  const stored = options.anew === true ? undefined : readCache(options.cacheFile, key);
  const trials = stored ?? (await tryAll(providers, threads, options));
  if (!stored) writeCache(options.cacheFile, key, trials);
  return choose(trials, threads);
}

/**
 * Threads within an operator: every core up to 4, else half of the logical ones (two share a core's
 * arithmetic), at most 16. `IMPASTO_THREADS`, a whole number from 1 to 256, overrides it; anything else in it is ignored.
 */
export function operatorThreads(
  logical = availableParallelism(),
  asked = Number(process.env['IMPASTO_THREADS']),
): number {
  if (Number.isInteger(asked) && asked >= 1 && asked <= 256) return asked;
  return logical <= 4 ? logical : Math.min(16, Math.ceil(logical / 2));
}

async function tryAll(
  providers: readonly Provider[],
  threads: number,
  options: ProbeOptions,
): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  // One after another: two trials at once would spoil each other's timing.
  for (const provider of providers) {
    const start = performance.now();
    const answer = await tryOne(provider, threads, options);
    const { verdict, reason, gflops } = answer;
    const milliseconds = Math.round(performance.now() - start);
    trials.push({ provider, name: deviceName(provider), verdict, reason, milliseconds, gflops });
  }
  return trials;
}

function tryOne(provider: Provider, threads: number, options: ProbeOptions): Promise<ProbeAnswer> {
  const limit = options.timeLimit ?? 30_000;
  const missing = missingProvider(provider);
  if (missing !== undefined) {
    return Promise.resolve({
      type: 'probed',
      verdict: 'absent',
      reason: missing,
      error: Number.NaN,
      gflops: 0,
    });
  }
  return new Promise((resolve) => {
    const fail = (reason: string): void =>
      resolve({ type: 'probed', verdict: 'failed', reason, error: Number.NaN, gflops: 0 });
    const channel = options.launch('probe');
    const deadline = setTimeout(() => {
      fail(`no answer within ${limit / 1000} s`);
      channel.kill();
    }, limit);
    channel.onExit((code, signal) => {
      clearTimeout(deadline);
      fail(`the driver ended the trial (${signal ?? `exit code ${code}`})`);
    });
    channel.onMessage((message) => {
      resolve(message as ProbeAnswer);
      channel.kill();
    });
    const request: ProbeRequest = { type: 'probe', provider, threads };
    channel.post(request);
  });
}

function choose(trials: readonly Trial[], threads: number): DeviceReport {
  const processor = trials.find((trial) => trial.provider === 'cpu');
  const tried = trials.map(({ gflops, ...verdict }): DeviceVerdict => {
    const slower = verdict.verdict === 'verified' && gflops < (processor?.gflops ?? 0);
    return slower ? { ...verdict, reason: `${verdict.reason}: slower than the processor` } : verdict;
  });
  const best = trials.find(
    (trial) => trial.verdict === 'verified' && trial.gflops >= (processor?.gflops ?? 0),
  );
  const chosen = best?.provider ?? 'cpu';
  return {
    chosen,
    tried,
    compute: { provider: chosen, precision: 'fp32', threads },
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    cores: availableParallelism(),
  };
}

function deviceName(provider: Provider): string {
  if (provider === 'cpu') return cpus()[0]?.model.trim() ?? '';
  if (provider !== 'cuda' && provider !== 'tensorrt') return '';
  return /NVIDIA.*$/m.exec(readText('/proc/driver/nvidia/version') ?? '')?.[0] ?? '';
}

function readCache(file: string | undefined, key: string): readonly Trial[] | undefined {
  const text = file === undefined ? undefined : readText(file);
  if (text === undefined) return undefined;
  try {
    const stored = JSON.parse(text) as { readonly key?: unknown; readonly trials?: unknown };
    return stored.key === key && Array.isArray(stored.trials) ? (stored.trials as Trial[]) : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs the next start a second, and nothing else. */
function writeCache(file: string | undefined, key: string, trials: readonly Trial[]): void {
  if (file === undefined) return;
  const fresh = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(fresh, JSON.stringify({ key, trials }, null, 1));
    renameSync(fresh, file);
  } catch {
    // A full disk must not be left with half a file as well.
    rmSync(fresh, { force: true });
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
