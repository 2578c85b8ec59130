import { describe, expect, test } from 'vitest';
import { Batcher, type Evaluation } from '../../../../../main/inference/stages/batcher.ts';
import type { Feed, Network } from '../../../../../main/inference/sessions/network.ts';

type Feeds = Readonly<Record<string, Feed>>;

let clock = 0;

/** A network that doubles what it is fed, and keeps an account; each run takes the same time, whatever it is fed. */
function doubling(
  runs: number[],
  change: (value: number) => number = (value) => 2 * value,
  milliseconds = 1,
): Network {
  return {
    provider: 'cpu',
    inputs: new Map(),
    converted: false,
    run(feeds: Feeds) {
      const data = feeds['sample']?.data as Float32Array;
      runs.push(data.length);
      clock += milliseconds;
      return Promise.resolve(new Map([['out', data.map(change)]]));
    },
    release: () => Promise.resolve(),
  };
}

interface Member {
  readonly leave: () => void;
  readonly ask: (value: number, more?: Partial<Evaluation>) => Promise<number[]>;
}

function members(count: number, wide: Network, alone: Network, batcher = new Batcher(() => clock)): Member[] {
  return Array.from({ length: count }, () => ({
    leave: batcher.enter(),
    ask: async (value: number, more: Partial<Evaluation> = {}) => {
      const feeds = { sample: { data: Float32Array.of(value, value + 0.5) } };
      const asked = { network: alone, wider: () => Promise.resolve(wide), feeds, left: 100, ...more };
      return [...((await batcher.evaluate(asked)).get('out') ?? [])];
    },
  }));
}

const step = (group: readonly Member[]): Promise<number[][]> =>
  Promise.all(group.map(({ ask }, i) => ask(i)));

describe('evaluations of several jobs', () => {
  test('become one run; the first is held against runs apart', async () => {
    const [apart, joined]: [number[], number[]] = [[], []];
    const group = members(3, doubling(joined), doubling(apart));
    const expected = [
      [0, 1],
      [2, 3],
      [4, 5],
    ];
    expect(await step(group)).toEqual(expected);
    expect([apart, joined]).toEqual([[2, 2, 2], [6]]);
    expect(await step(group)).toEqual(expected);
    expect([apart.length, joined]).toEqual([3, [6, 6]]);
  });

  test('one bit that differs ends it, and what counts is what came apart', async () => {
    const [apart, joined]: [number[], number[]] = [[], []];
    const off = doubling(joined, (value) => (value === 1 ? 2.0000002384185791 : 2 * value));
    const group = members(2, off, doubling(apart));
    for (let i = 0; i < 3; i++)
      expect(await step(group)).toEqual([
        [0, 1],
        [2, 3],
      ]);
    expect(joined).toEqual([4]);
    expect(apart).toHaveLength(6);
  });

  test('members of another network, and what no batch holds, are run apart', async () => {
    const [apart, joined, other]: [number[], number[], number[]] = [[], [], []];
    const [first, second, third, fourth] = members(4, doubling(joined), doubling(apart));
    await Promise.all([
      first!.ask(1),
      second!.ask(2),
      third!.ask(3, { network: doubling(other) }),
      fourth!.ask(4, {
        feeds: { sample: { data: Float32Array.of(4) }, 'layer.strength': { data: Float32Array.of(1) } },
      }),
    ]);
    expect(joined).toEqual([4]);
    expect(other).toEqual([2]);
    expect(apart).toEqual([2, 2, 1]);
  });

  test('wait for whoever is in, and go on when it leaves', async () => {
    const [apart, joined]: [number[], number[]] = [[], []];
    const [first, second] = members(2, doubling(joined), doubling(apart));
    let came = false;
    const asked = first!.ask(5).then((outputs) => {
      came = true;
      return outputs;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(came).toBe(false);
    second!.leave();
    second!.leave();
    expect(await asked).toEqual([10, 11]);
    // One that is left alone waits for nobody.
    expect(await first!.ask(1)).toEqual([2, 3]);
    expect(joined).toEqual([]);
  });

  test('a wider network that memory does not hold, or that fails, costs nobody a picture', async () => {
    const [apart, joined]: [number[], number[]] = [[], []];
    let tried = 0;
    const refused = members(2, doubling(joined), doubling(apart));
    const wider = (): Promise<Network> => {
      tried += 1;
      return Promise.reject(new Error('no room'));
    };
    for (let i = 0; i < 2; i++)
      expect(await Promise.all(refused.map(({ ask }, j) => ask(j, { wider })))).toEqual([
        [0, 1],
        [2, 3],
      ]);
    expect(tried).toBe(1);
    const failing = { ...doubling([]), run: () => Promise.reject(new Error('lost')) };
    expect(await step(members(2, failing, doubling(apart)))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test('a network that fails for one of them fails that one', async () => {
    const alone = doubling([]);
    const picky: Network = {
      ...alone,
      run: (feeds) =>
        (feeds['sample']!.data as Float32Array)[0] === 1
          ? Promise.reject(new Error('not this one'))
          : alone.run(feeds),
    };
    const outcomes = await Promise.allSettled(
      members(2, { ...alone, run: () => Promise.reject(new Error('lost')) }, picky).map(({ ask }, i) =>
        ask(i),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test('is not begun for a few steps, and is given up for a while where it is no quicker', async () => {
    const [apart, joined]: [number[], number[]] = [[], []];
    const few = members(2, doubling(joined), doubling(apart));
    for (let i = 0; i < 18; i++) await Promise.all(few.map(({ ask }, j) => ask(j, { left: 2 })));
    expect(joined).toEqual([]);
    await Promise.all(few.map(({ ask }, j) => ask(j, { left: 2 })));
    expect(joined).toEqual([4]);

    const runs: number[] = [];
    const slower = doubling(runs, undefined, 2);
    const group = members(2, slower, doubling([]));
    for (let i = 0; i < 203; i++) await step(group);
    expect(runs).toHaveLength(3);
    // Not for ever: the machine may have been busy.
    await step(group);
    expect(runs).toHaveLength(4);
  });
});
