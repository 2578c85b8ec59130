import type { ComputeSettings, Provider } from '../protocol.ts';

/** One provider that was tried, and how that went. */
export interface DeviceVerdict {
  readonly provider: Provider;
  /** Adapter or processor name, as far as it is known. */
  readonly name: string;
  /** `absent`: not in this build or platform; `failed`: there, but wrong numbers, an error or a crash. */
  readonly verdict: 'verified' | 'failed' | 'absent';
  /** Why it is not used, or the largest error against the known numbers and the speed measured. */
  readonly reason: string;
  /** Wall time of the trial. */
  readonly milliseconds: number;
}

/** What networks will run on, and everything that was tried before it. */
export interface DeviceReport {
  readonly chosen: Provider;
  /** In the platform's order of preference. */
  readonly tried: readonly DeviceVerdict[];
  /** What a job should carry on this machine. */
  readonly compute: ComputeSettings;
  /** Main memory, and what of it is free now, in bytes. */
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly cores: number;
}
