import { expect, it } from 'vitest';
import { benchModel } from '../../main/cli/bench-model.ts';

const signal = new AbortController().signal;

it('measures the embedded model as ratios to the machine in the same run', async () => {
  const { json, text } = await benchModel(undefined, { size: 64, rounds: 2, rank: 8, cold: false }, signal);
  expect(text.split('\n').map((line) => line.split(' ')[0])).toEqual([
    'machine',
    'step',
    '',
    'adapter',
    'swap',
    '',
    '',
    'five',
    'merged',
  ]);
  const numbers: number[] = [];
  JSON.stringify(json, (_, value: unknown) => {
    if (typeof value === 'number') numbers.push(value);
    return value;
  });
  expect(numbers.length).toBeGreaterThan(15);
  expect(numbers.every(Number.isFinite)).toBe(true);
  // Not faster than the machine's own kernels, but for the noise of a busy machine.
  expect(json).toMatchObject({ size: 64, rounds: 2, adapter: { rank: 8 } });
  const { coreShare } = json as { coreShare: number };
  expect(coreShare).toBeGreaterThan(0.001);
  expect(coreShare).toBeLessThan(2);
});

it('refuses a size that the model does not have', async () => {
  await expect(benchModel(undefined, { size: 100, rounds: 1, rank: 8 }, signal)).rejects.toMatchObject({
    code: 'cli/size-unsupported',
  });
});
