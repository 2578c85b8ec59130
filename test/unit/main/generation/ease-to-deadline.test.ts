import { expect, test } from 'vitest';
import { type Easable, easeToDeadline } from '../../../../main/generation/ease-to-deadline.ts';
import { easedWords } from '../../../../preload/contract/index.ts';

/** A step takes 0.1 s at 512 px, pixels a second more; a second pass is half the steps at its own size. */
const secondsOf = ({ steps, width, height, hires }: Easable): number => {
  const pass = (w: number, h: number, count: number): number => (count * 0.1 + 1) * ((w * h) / 512 ** 2);
  return hires
    ? pass(hires.width, hires.height, steps) + pass(width, height, steps / 2)
    : pass(width, height, steps);
};
const plain = { steps: 20, width: 512, height: 512, hires: undefined };
const limits = { mayShrink: true, multiple: 64 };
const ease = (request: Easable, within: number, may = limits) => {
  const eased = easeToDeadline(request, within, secondsOf, may);
  return (
    eased && {
      ...eased.request,
      words: easedWords(eased.eased, eased.request),
      seconds: secondsOf(eased.request),
    }
  );
};

test('what is done in time stays as it is', () => {
  expect(ease(plain, 3)).toBeNull();
});

test('fewer steps come first, and no fewer than are needed', () => {
  expect(ease(plain, 2.55)).toMatchObject({ steps: 15, width: 512, words: ['15 steps in place of 20'] });
});

test('then it is smaller, as little as does', () => {
  expect(ease(plain, 2)).toMatchObject({
    steps: 12,
    width: 448,
    words: ['12 steps in place of 20', '448 × 448 in place of 512 × 512'],
  });
});

test('then there are still fewer steps, and nothing below that', () => {
  const least = ease(plain, 0.45);
  expect(least).toMatchObject({ steps: 8, width: 256 });
  expect(least!.seconds).toBeLessThanOrEqual(0.45);
  expect(ease(plain, 0.01)).toMatchObject({ steps: 6, width: 256, height: 256 });
});

test('a second pass goes before anything else does', () => {
  const passes = { steps: 20, width: 1024, height: 1024, hires: { width: 512, height: 512, strength: 0.4 } };
  expect(ease(passes, 4)).toMatchObject({
    steps: 20,
    width: 512,
    hires: undefined,
    words: ['no second pass at 1024 × 1024'],
  });
  expect(ease(passes, 2.55)?.words).toEqual(['no second pass at 1024 × 1024', '15 steps in place of 20']);
});

test('a picture of which pixels are kept keeps its size', () => {
  expect(ease(plain, 0.5, { ...limits, mayShrink: false })).toMatchObject({ steps: 6, width: 512 });
});

test('few steps stay few, and edges fit the model', () => {
  expect(ease({ ...plain, steps: 4, width: 320, height: 576 }, 0.1)).toMatchObject({
    steps: 4,
    width: 128,
    height: 256,
  });
});
