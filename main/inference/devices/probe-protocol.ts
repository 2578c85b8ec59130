import type { Provider } from '../protocol.ts';

/** Host → probe: try one provider, then end. */
export interface ProbeRequest {
  readonly type: 'probe';
  readonly provider: Provider;
  readonly threads: number;
}

/** Probe → host: what was found. */
export interface ProbeAnswer {
  readonly type: 'probed';
  readonly verdict: 'verified' | 'failed' | 'absent';
  /** Why not, or the error found. */
  readonly reason: string;
  /** Largest error against the known numbers, relative to their largest; NaN where nothing ran. */
  readonly error: number;
  /** Matrix-product speed in GFLOP/s; 0 where it was not measured. */
  readonly gflops: number;
}
