import { expect, it } from 'vitest';
import { createEasing } from '../../../../../main/generation/live/easing.ts';
import { patchCanvas } from '../../../../../main/generation/live/live-canvas.ts';
import { createPace } from '../../../../../main/generation/live/live-pace.ts';
import {
  type LivePicture,
  type LiveState,
  startLiveSession,
} from '../../../../../main/generation/live/live-session.ts';
import type { GenerateJob, GenerateResult } from '../../../../../main/inference/protocol.ts';
import type { LiveSettings, Raster, Recipe } from '../../../../../preload/contract/index.ts';

const settings: LiveSettings = {
  modelId: 'm',
  prompt: 'p',
  negative: '',
  sampler: 'ddim',
  steps: 8,
  guidance: 4,
  seed: 1,
  noise: 'philox',
  width: 64,
  height: 64,
  adapters: [],
  strength: 0.5,
};
const blank = (): Raster => ({ width: 64, height: 64, rgba: new Uint8Array(64 * 64 * 4) });
const dab = (value: number) => ({
  x: 3,
  y: 4,
  raster: { width: 2, height: 2, rgba: new Uint8Array(16).fill(value) },
});

/** A session over a worker that answers when it is told to. */
function begin() {
  let time = 0;
  const jobs: {
    job: GenerateJob;
    signal: AbortSignal;
    finish: (encoding?: GenerateResult['encoding']) => Promise<void>;
  }[] = [];
  const pictures: LivePicture[] = [];
  const states: LiveState[] = [];
  let failure: Error | null = null;
  const session = startLiveSession(
    {
      prepare: (_asked, ease) => {
        ease(8);
        return Promise.resolve({
          job: (canvas) =>
            Promise.resolve({ init: { image: canvas, strength: 0.5 } } as unknown as GenerateJob),
          recipe: () => Promise.resolve({ seed: 1 } as unknown as Recipe),
        });
      },
      run(job, signal) {
        if (failure) return Promise.reject(failure);
        const { promise, resolve, reject } = Promise.withResolvers<GenerateResult>();
        signal.addEventListener('abort', () => reject(new Error('cancelled')));
        const finish = async (encoding: GenerateResult['encoding'] = 'whole'): Promise<void> => {
          const timings = { load: 0, 'encode-prompt': 0, 'prepare-latent': 5, denoise: 40, decode: 30 };
          resolve({ ...blank(), timings, encoding } as unknown as GenerateResult);
          await settle();
        };
        jobs.push({ job, signal, finish });
        return promise;
      },
      describeError: (error) => ({ code: 'a/b', message: String(error), remedy: '' }),
      now: () => time,
      picture: (picture) => pictures.push(picture),
      state: (state) => states.push(state),
    },
    { settings, canvas: blank(), number: 0 },
  );
  return {
    session,
    jobs,
    pictures,
    states,
    advance: (milliseconds: number) => (time += milliseconds),
    fail: (error: Error) => (failure = error),
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

it('makes one picture at a time, takes changes together, and stops when nothing changed', async () => {
  const { session, jobs, pictures, advance } = begin();
  await settle();
  await jobs[0]!.finish();
  expect(pictures).toMatchObject([{ number: 0, encode: 5, decode: 30, run: 75, exact: true }]);
  advance(5000);
  for (const number of [1, 2, 3]) session.update({ number, patches: [dab(number)], penDown: true });
  await settle();
  // The first of them began at once; nothing was shown for long, so that it is left to end.
  expect(jobs).toHaveLength(2);
  expect(jobs[1]!.signal.aborted).toBe(false);
  await jobs[1]!.finish();
  await settle();
  expect(jobs).toHaveLength(3);
  expect(jobs[2]!.job.init?.image.rgba[(4 * 64 + 3) * 4]).toBe(3);
  await jobs[2]!.finish();
  expect(pictures.map(({ number }) => number)).toEqual([0, 1, 3]);
  expect(jobs).toHaveLength(3);
});

it('drops what is stale: at once when the pen lifts, within a stroke only while pictures come', async () => {
  const { session, jobs, pictures, advance } = begin();
  await settle();
  await jobs[0]!.finish();
  session.update({ number: 1, patches: [dab(1)], penDown: true });
  await settle();
  advance(100);
  session.update({ number: 2, patches: [dab(2)], penDown: true });
  expect(jobs[1]!.signal.aborted).toBe(true);
  await settle();
  advance(1000);
  session.update({ number: 3, patches: [dab(3)], penDown: true });
  expect(jobs[2]!.signal.aborted).toBe(false);
  session.update({ number: 4, patches: [dab(4)], penDown: false });
  expect(jobs[2]!.signal.aborted).toBe(true);
  await settle();
  await jobs[3]!.finish();
  expect(pictures.at(-1)).toMatchObject({ number: 4, dropped: 2, latency: 0 });
});

it('encodes only what changed while the pen is down, and exactly once it is up', async () => {
  const { session, jobs, pictures, advance } = begin();
  await settle();
  await jobs[0]!.finish();
  advance(1000);
  session.update({ number: 1, patches: [dab(1)], penDown: true });
  await settle();
  expect(jobs[1]!.job.reuseEncoding).toBe('changed');
  await jobs[1]!.finish('changed');
  expect(pictures.at(-1)).toMatchObject({ number: 1, exact: false });
  session.update({ number: 1, patches: [], penDown: false });
  await settle();
  expect(jobs[2]!.job.reuseEncoding).toBe('equal');
  await jobs[2]!.finish();
  expect(pictures.at(-1)).toMatchObject({ number: 1, exact: true });
  expect(jobs).toHaveLength(3);
});

it('yields to what was asked for and pauses with the window; nothing runs then', async () => {
  const { session, jobs, states } = begin();
  await settle();
  session.yieldTo('a picture');
  expect(jobs[0]!.signal.aborted).toBe(true);
  session.update({ number: 1, patches: [], penDown: false });
  await settle();
  expect(jobs).toHaveLength(1);
  expect(states.at(-1)).toMatchObject({ state: 'yielding', cause: 'a picture' });
  session.pause(true);
  session.yieldTo(null);
  await settle();
  expect(states.at(-1)).toMatchObject({ state: 'paused' });
  expect(jobs).toHaveLength(1);
  session.pause(false);
  await settle();
  expect(jobs).toHaveLength(2);
  expect(states.at(-1)).toMatchObject({ state: 'running' });
});

it('ends with its job when it is stopped, and says why when a job fails', async () => {
  const one = begin();
  await settle();
  one.session.stop();
  expect(one.jobs[0]!.signal.aborted).toBe(true);
  one.session.update({ number: 9, patches: [], penDown: false });
  await settle();
  expect(one.jobs).toHaveLength(1);
  expect(one.states.every(({ state }) => state !== 'stopped')).toBe(true);

  const two = begin();
  two.fail(new Error('no memory'));
  await settle();
  await expect.poll(() => two.states.at(-1)).toMatchObject({ state: 'stopped', error: { code: 'a/b' } });
});

it('eases by named steps when runs are slow, and back when there is room', () => {
  const easing = createEasing();
  const wide = { ...settings, width: 512, height: 384 };
  const slow = (): boolean[] => [1, 2, 3].map(() => easing.note(1200));
  expect(slow()).toEqual([false, false, true]);
  expect(easing.apply(wide, 16)).toMatchObject({ steps: 4, width: 512 });
  slow();
  expect(easing.apply(wide, 16)).toMatchObject({ steps: 4, width: 384, height: 288 });
  expect(easing.apply({ ...wide, strength: 0.1 }, 16).steps).toBe(8);
  for (let i = 0; i < 11; i++) expect(easing.note(100)).toBe(false);
  expect(easing.note(100)).toBe(true);
  expect(easing.level).toBe(1);
});

it('counts pictures a second over two seconds', () => {
  const pace = createPace();
  for (let time = 0; time <= 3000; time += 250) pace.shown(time);
  expect(pace.shown(3250)).toBeCloseTo(4, 1);
});

it('refuses a change that does not lie in the canvas', () => {
  expect(() => patchCanvas(blank(), [{ ...dab(1), x: 63 }])).toThrow(/2 × 2 at 63, 4.*64 × 64/);
});
