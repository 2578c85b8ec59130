import type { Stage, StageTimings } from '../protocol.ts';

/**
 * Wall time by stage. Loading is a stage that others trigger: its time is counted as `load` and not
 * as theirs.
 */
export class StageClock {
  readonly #spent: Record<Stage, number> = {
    load: 0,
    'encode-prompt': 0,
    'prepare-latent': 0,
    denoise: 0,
    decode: 0,
  };
  #loadedInside = 0;

  /** Runs a stage and adds what it took, less what it loaded. */
  async time<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    const before = this.#loadedInside;
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#spent[stage] += performance.now() - start - (this.#loadedInside - before);
    }
  }

  /** Runs something that belongs to `load`, wherever it is called from. */
  async load<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      const took = performance.now() - start;
      this.#spent.load += took;
      this.#loadedInside += took;
    }
  }

  /** Milliseconds of a stage so far, whole. */
  of(stage: Stage): number {
    return Math.round(this.#spent[stage]);
  }

  /** Milliseconds of every stage, to a tenth. */
  timings(): StageTimings {
    const rounded = Object.entries(this.#spent).map(([stage, ms]) => [stage, Math.round(ms * 10) / 10]);
    return Object.fromEntries(rounded) as StageTimings;
  }
}
