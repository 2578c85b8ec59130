import { describe, expect, it } from 'vitest';
import { guidanceIsOn, guide } from '../../../../../main/inference/samplers/guidance.ts';

const uncond = Float32Array.of(0, 1, 2, 3, 4, 5);
const cond = Float32Array.of(1, 1, 4, 2, 8, 1);

function std(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  return Math.sqrt(list.reduce((a, b) => a + (b - mean) ** 2, 0) / (list.length - 1));
}

describe('classifier-free guidance', () => {
  it('goes beyond the prompt, away from the negative one', () => {
    expect([...guide(uncond, cond, 3)]).toEqual([3, 1, 8, 0, 16, -7]);
    expect([...guide(uncond, cond, 1)]).toEqual([...cond]);
    expect([...guide(uncond, cond, 0)]).toEqual([...uncond]);
  });

  it('rescales each picture to the spread of its prompt output', () => {
    const whole = guide(uncond, cond, 7.5, 1);
    expect(std(whole)).toBeCloseTo(std(cond), 4);
    const pair = guide(uncond, cond, 7.5, 1, 2);
    expect(std(pair.subarray(0, 3))).toBeCloseTo(std(cond.subarray(0, 3)), 4);
    expect(std(pair.subarray(3))).toBeCloseTo(std(cond.subarray(3)), 4);
    const half = guide(uncond, cond, 7.5, 0.5);
    const plain = guide(uncond, cond, 7.5);
    for (let i = 0; i < 6; i += 1) expect(half[i]).toBeCloseTo((whole[i]! + plain[i]!) / 2, 4);
  });

  it('refuses what does not belong together', () => {
    expect(() => guide(uncond, cond.subarray(1), 2)).toThrow();
    expect(() => guide(uncond, cond, NaN)).toThrow();
    expect(() => guide(uncond, cond, 2, 1.5)).toThrow();
    expect(() => guide(uncond, cond, 2, 0.5, 4)).toThrow();
  });

  it('is on within its interval', () => {
    const interval = { start: 0.2, end: 0.8 };
    const on = Array.from({ length: 10 }, (_, step) => guidanceIsOn(interval, step, 10));
    expect(on).toEqual([false, false, true, true, true, true, true, true, false, false]);
  });
});
