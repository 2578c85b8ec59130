import type { Feed, Network } from '../sessions/network.ts';
import { join } from './join-arrays.ts';

/** Inputs whose first dimension is the batch. A network that is fed anything else is run for each job by itself. */
const ROWS: ReadonlySet<string> = new Set([
  'sample',
  'timestep',
  'encoder_hidden_states',
  'text_embeds',
  'time_ids',
  'timestep_cond',
]);

/** Most evaluations that become one. */
const WIDEST = 4;

/**
 * Evaluations saved, in evaluations of one job, that making a wider network takes as long as: a session of a small network
 * takes as long as some twelve of its runs, and a joined run saves each member about a quarter of its own.
 */
const MAKING_PAYS_FROM = 40;

/** Joined runs before they are judged by their time, and what share of the time apart they may take then. */
const TRIED = 3;
const WORTH = 0.95;
/** Evaluations apart before a network that was no quicker is tried again: the machine may have been busy. */
const TRY_AGAIN_AFTER = 200;

type Feeds = Readonly<Record<string, Feed>>;
type Outputs = ReadonlyMap<string, Float32Array>;

/** A network as one of several jobs runs it. */
export interface Evaluation {
  /** For this job's own rows. */
  readonly network: Network;
  /** The same for several times as many rows. @throws InferenceError where memory does not hold it */
  readonly wider: (times: number) => Promise<Network>;
  readonly feeds: Feeds;
  /** Evaluations that this job will make, this one included, as far as that is known. */
  readonly left: number;
  /** Told the milliseconds that it takes by itself: those of the quickest such run where it was joined. */
  readonly took?: (milliseconds: number) => void;
}

interface Asked extends Evaluation {
  readonly resolve: (outputs: Outputs) => void;
  readonly reject: (error: unknown) => void;
}

/** What is known of running a network for several jobs at once. */
interface Experience {
  refused: boolean;
  /** Evaluations that could have been joined. */
  missed: number;
  runs: number;
  /** Milliseconds of the quickest of late. */
  best: number;
  /** Evaluations until it is tried again. */
  rests: number;
}

/**
 * Joins the evaluations of jobs that run side by side into one run of the network (continuous batching: members come and
 * go between steps, and each has a step of its own). A small network keeps the processor busier with more rows.
 *
 * No bit of a picture depends on it: the first joined run of a network is held against the same rows run apart, and where
 * one bit differs or where memory does not hold it, that network is not joined again, and where it is not quicker, not soon.
 */
export class Batcher {
  readonly #now: () => number;
  #members = 0;
  #asked: Asked[] = [];
  readonly #alone = new WeakMap<Network, number>();
  readonly #joined = new WeakMap<Network, Map<number, Experience>>();

  /** @param now milliseconds on any steady clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes a job in: from now on evaluations wait for its next one, until it calls what is returned. */
  enter(): () => void {
    this.#members += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#members -= 1;
      this.#evaluateWhenComplete();
    };
  }

  /** Members at this moment. */
  get members(): number {
    return this.#members;
  }

  /**
   * Runs a network for one job, together with what the other members ask for next.
   *
   * @throws as {@link Network.run}
   */
  evaluate(evaluation: Evaluation): Promise<Outputs> {
    if (this.#members <= 1) return this.#runAlone(evaluation);
    return new Promise((resolve, reject) => {
      this.#asked.push({ ...evaluation, resolve, reject });
      this.#evaluateWhenComplete();
    });
  }

  #evaluateWhenComplete(): void {
    if (this.#asked.length === 0 || this.#asked.length < this.#members) return;
    void this.#evaluateAll(this.#asked.splice(0));
  }

  async #evaluateAll(asked: readonly Asked[]): Promise<void> {
    for (const group of Map.groupBy(asked, ({ network }) => network).values()) {
      const [joinable, single] = [group.filter(canBeJoined), group.filter((one) => !canBeJoined(one))];
      for (let i = 0; i < joinable.length; i += WIDEST) await this.#together(joinable.slice(i, i + WIDEST));
      await this.#apart(single);
    }
  }

  async #together(asked: readonly Asked[]): Promise<void> {
    const [first] = asked;
    const wide = first && asked.length > 1 ? await this.#widerNetwork(first, asked) : null;
    if (first === undefined || wide === null) return this.#apart(asked);
    const { known, network } = wide;
    let rows: Outputs[];
    try {
      const began = this.#now();
      const outputs = await network.run(joinFeeds(asked));
      known.best = Math.min(known.best, this.#now() - began);
      rows = asked.map((_, i) => part(outputs, i, asked.length));
    } catch {
      known.refused = true;
      return this.#apart(asked);
    }
    known.runs += 1;
    if (known.runs === 1) {
      known.refused = !(await this.#isEqualApart(asked, rows));
      return;
    }
    const apart = this.#alone.get(first.network) ?? known.best;
    for (const [i, one] of asked.entries()) {
      one.took?.(apart);
      one.resolve(rows[i] ?? new Map());
    }
    if (known.runs >= TRIED && known.best > WORTH * asked.length * apart)
      Object.assign(known, { runs: 1, best: Number.POSITIVE_INFINITY, rests: TRY_AGAIN_AFTER });
  }

  /** Runs the same rows apart, which is what counts, and says whether it made any difference. */
  async #isEqualApart(asked: readonly Asked[], joined: readonly Outputs[]): Promise<boolean> {
    let equal = true;
    for (const [i, one] of asked.entries()) {
      try {
        const outputs = await this.#runAlone(one);
        equal &&= [...outputs].every(([name, values]) => sameBits(values, joined[i]?.get(name)));
        one.resolve(outputs);
      } catch (error) {
        one.reject(error);
        equal = false;
      }
    }
    return equal;
  }

  async #apart(asked: readonly Asked[]): Promise<void> {
    for (const one of asked) await this.#runAlone(one).then(one.resolve, one.reject);
  }

  async #runAlone({ network, feeds, took }: Evaluation): Promise<Outputs> {
    const began = this.#now();
    const outputs = await network.run(feeds);
    const best = this.#alone.get(network) ?? Number.POSITIVE_INFINITY;
    const milliseconds = this.#now() - began;
    took?.(milliseconds);
    this.#alone.set(network, Math.min(best, milliseconds));
    return outputs;
  }

  /** The network for all of them at once; null where that is not worth it, or not possible. */
  async #widerNetwork(
    { network, wider }: Asked,
    asked: readonly Asked[],
  ): Promise<{ known: Experience; network: Network } | null> {
    const times = asked.length;
    const byTimes = this.#joined.get(network) ?? new Map<number, Experience>();
    this.#joined.set(network, byTimes);
    const known = byTimes.get(times) ?? {
      refused: false,
      missed: 0,
      runs: 0,
      best: Number.POSITIVE_INFINITY,
      rests: 0,
    };
    byTimes.set(times, known);
    if (known.refused) return null;
    if (known.rests > 0) {
      known.rests -= 1;
      return null;
    }
    const ahead = Math.min(...asked.map(({ left }) => left));
    if (known.runs === 0 && (known.missed + ahead) * times < MAKING_PAYS_FROM) {
      known.missed += 1;
      return null;
    }
    try {
      const wide = await wider(times);
      known.refused = wide.provider !== network.provider;
      return known.refused ? null : { known, network: wide };
    } catch {
      known.refused = true;
      return null;
    }
  }
}

function canBeJoined({ feeds }: Asked): boolean {
  return Object.entries(feeds).every(([name, { shape }]) => ROWS.has(name) && shape === undefined);
}

function joinFeeds(asked: readonly Asked[]): Feeds {
  const names = Object.keys(asked[0]?.feeds ?? {});
  return Object.fromEntries(
    names.map((name) => [name, { data: join(asked.map(({ feeds }) => feeds[name]?.data as Float32Array)) }]),
  );
}

function part(outputs: Outputs, index: number, of: number): Outputs {
  return new Map(
    [...outputs].map(([name, values]) => {
      const length = values.length / of;
      return [name, values.slice(index * length, (index + 1) * length)];
    }),
  );
}

function sameBits(a: Float32Array, b: Float32Array | undefined): boolean {
  if (a.length !== b?.length) return false;
  const [x, y] = [
    new Uint32Array(a.buffer, a.byteOffset, a.length),
    new Uint32Array(b.buffer, b.byteOffset, b.length),
  ];
  return x.every((bits, i) => bits === y[i]);
}
