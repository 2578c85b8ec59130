import { expect, test } from 'vitest';
import { isPacked, sessionOptions } from '../../../../../main/inference/sessions/session-options.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const size = (weightBytes: number, runs?: number) => ({
  weightBytes,
  weightsFolder: '/models',
  ...(runs === undefined ? {} : { runs }),
});

test('small networks are packed, large ones read from their file', () => {
  expect(isPacked(size(40 * MIB), 8 * GIB)).toBe(true);
  expect(isPacked(size(1700 * MIB), 24 * GIB)).toBe(false);
});

test('what runs once in a picture is packed only where it is small', () => {
  expect(isPacked(size(167 * MIB), 24 * GIB)).toBe(false);
  expect(isPacked(size(167 * MIB, 2), 24 * GIB)).toBe(true);
});

test('a large one is converted once where many runs make up for it and memory holds it twice over', () => {
  expect(isPacked(size(1700 * MIB, 20), 24 * GIB)).toBe(false);
  expect(isPacked(size(1700 * MIB, 60), 24 * GIB)).toBe(true);
  expect(isPacked(size(1700 * MIB, 60), 12 * GIB)).toBe(false);
  expect(isPacked(size(5000 * MIB, 100), 24 * GIB)).toBe(false);
});

test('options: folder of the weights, threads, fallback to the processor, and no folding of mapped weights', () => {
  const compute = { provider: 'webgpu', precision: 'fp32', threads: 3 } as const;
  const options = sessionOptions(size(1700 * MIB), compute, 'webgpu');
  expect(options).toMatchObject({
    executionProviders: ['webgpu', 'cpu'],
    intraOpNumThreads: 3,
    extra: {
      session: { disable_prepacking: '1', model_external_initializers_file_folder_path: '/models' },
      optimization: { disable_specified_optimizers: 'ConstantFolding' },
    },
  });
  const small = sessionOptions(size(MIB), compute, 'cpu');
  expect(small.executionProviders).toEqual(['cpu']);
  expect(small.extra).not.toHaveProperty('optimization');
});

test('large runs give their memory back, small ones keep it', () => {
  const compute = { provider: 'cpu', precision: 'fp32', threads: 2 } as const;
  const of = (activations: number) => sessionOptions({ ...size(MIB), activations }, compute, 'cpu');
  expect(of(100 * MIB)).toMatchObject({ enableCpuMemArena: true, enableMemPattern: true });
  expect(of(600 * MIB)).toMatchObject({ enableCpuMemArena: false, enableMemPattern: false });
});
